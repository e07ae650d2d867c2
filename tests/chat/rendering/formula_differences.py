"""Where the two renderers of `test_formulas` differ, what ours makes of the formula, and which is right."""

OTHER_ROWS: dict[str, str] = {
    r"\begin{bmatrix} \frac{1}{2} & \sqrt{3} \\[4pt] x^2 & \dfrac{y}{z} \end{bmatrix}": (
        "[table[frac(1;2)|root(3)/x{high:2}|frac(y;z)]]"
    ),
    r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}^{\!\top}": "(table[1/2]){high:⊤}",
    r"\begin{dcases} \frac{1}{x} & x \neq 0 \\ 0 & x = 0 \end{dcases}": "{table[frac(1;x)|x≠0/0|x=0]",
    r"\begin{rcases} a \\ b \end{rcases} \Rightarrow c": "table[a/b]}⇒c",
    r"\begin{aligned} (a+b)^2 &= (a+b)(a+b) \\ &= a^2 + 2ab + b^2 \end{aligned}": (
        "table[(a+b){high:2}|=(a+b)(a+b)/|=a{high:2}+2ab+b{high:2}]"
    ),
    r"\begin{align} x &= 1 \\ y &= 2 \end{align}": "table[|x|=1/|y|=2]",
    r"\begin{align*} \int_0^1 x\,dx &= \left[\frac{x^2}{2}\right]_0^1 \\ &= \frac12 \end{align*}": (
        "table[|∫{low:0}{high:1}xdx|=[frac(x{high:2};2)]{low:0}{high:1}/||=frac(1;2)]"
    ),
    r"\begin{gathered} a = b \\ c = d \end{gathered}": "table[a=b/c=d]",
    r"\begin{gather*} a + b \\ c \end{gather*}": "table[|a+b/|c]",
    r"\begin{multline*} a + b + c \\ + d + e \end{multline*}": "table[|a+b+c/|+d+e]",
    r"\begin{eqnarray} a &=& b \\ &=& c \end{eqnarray}": "table[a|=|b/|=|c]",
    r"\begin{alignedat}{2} x &= 1 &\quad y &= 2 \\ z &= 3 & w &= 4 \end{alignedat}": "table[x|=1|y|=2/z|=3|w|=4]",
    r"\left\{ \begin{aligned} x + y &= 1 \\ x - y &= 0 \end{aligned} \right.": "{table[x+y|=1/x−y|=0]",
    r"\begin{aligned} a &= b & c &= d \\ e &= f & g &= h \end{aligned}": "table[a|=b|c|=d/e|=f|g|=h]",
    r"x = 1 \\ y = 2": "table[x=1/y=2]",
    r"\begin{aligned}[t] a \\ b \end{aligned}": "table[a/b]",
    r"\begin{subarray}{l} a \\ b \end{subarray}": "table[a/b]",
    r"\begin{aligned} & \text{minimize} && f(x) \\ & \text{subject to} && g(x) \le 0 \end{aligned}": (
        "table[|minimize||f(x)/|subjectto||g(x)≤0]"
    ),
    r"\begin{flalign} a &= b \\ c &= d \end{flalign}": "table[|a|=b/|c|=d]",
}
"""The second renderer runs these rows together, or fails: ours keeps them."""

OTHER_NAMES: dict[str, str] = {
    r"\hat{\theta}_{\text{MLE}} = \arg\max_{\theta} \prod_{i=1}^n p(x_i \mid \theta)": (
        "θ{high:^}{low:MLE}=argmax{low:θ}∏{low:i=1}{high:n}p(x{low:i}|θ)"
    ),
    r"\prescript{14}{6}{C}": "146C",
    r"\copyright \pounds \S \P": "©£§¶",
    r"\AA": "Å",
    r"\bigl( x \bigr) \Bigl[ y \Bigr] \biggl\{ z \biggr\}": "(x)[y]{z}",
    r"\genfrac{(}{)}{0pt}{}{n}{k}": "(frac(n;k))",
    r"\text{50\% of \$100}": "50%of$100",
    r"\operatorname*{arg\,max}_x f": "argmax{low:x}f",
    r"x \tag{1}": "table[|x|(1)]",
    r"a \label{eq:a} = b": "a=b",
}
"""The second renderer shows these commands by their names, or fails: ours knows them."""

OTHER_SIGNS: dict[str, str] = {
    r"A \setminus B = \{ x \in A \mid x \notin B \}": "A∖B={x∈A|x∉B}",
    r"\Gamma \vdash \varphi, \quad \mathcal{M} \models \psi": "Γ⊢φ,M⊨ψ",
    r"\not= \neq \not\in": "≠≠∉",
    r"\star \ast \bullet \circ \dagger \ddagger": "**∙∘†‡",
}
"""Unicode has two characters for one sign, and each renderer takes another one."""

AS_WRITTEN: dict[str, str] = {
    r"\ce{2H2 + O2 -> 2H2O}": "the language of chemists is another one",
    r"\unit{kg}": "so is that of units",
    r"\SI{5}{\meter}": "so is that of units",
    r"\begin{CD} A @>>> B \\ @VVV @VVV \\ C @>>> D \end{CD}": "a diagram",
    r"\begin{tikzpicture} \draw (0,0) -- (1,1); \end{tikzpicture}": "a drawing",
    r"\begin{tabular}{ll} a & b \\ c & d \end{tabular}": "a table of texts",
    r"\begin{itemize} \item a \end{itemize}": "a list of texts",
    r"\dv{f}{x}": "a package",
    r"\qty(\frac{a}{b})": "a package",
    r"\abs{x} \norm{y}": "a package",
    r"\includegraphics{x}": "a picture",
    r"\eqref{eq:1}": "leads somewhere else",
    r"\foo{x}": "nobody knows what it means",
}
"""Formulas that are shown as they were written, and what is unknown in them: nothing is guessed."""
