// Reading answers: citation marks, copying, the time that has passed, other models, where a conversation opens.

const page = document.documentElement;
const words = () => document.getElementById("announcer").dataset;

// --- Citation marks ----------------------------------------------------------------------------------

const card = document.createElement("div");
card.className = "citation-card";
card.hidden = true;
card.setAttribute("aria-hidden", "true"); // the mark's own name already says it
let cardTimer;

const sourceOf = (mark) => document.getElementById(decodeURIComponent(mark.hash.slice(1)));
const markAt = (node) => node.closest?.('.prose a[href^="#source-"]');

function showCard(mark) {
  const source = sourceOf(mark);
  clearTimeout(cardTimer);
  if (!source) return;
  const take = (name) => {
    const part = source.querySelector(`.source-${name}`)?.cloneNode(true);
    part?.removeAttribute("hidden");
    part?.removeAttribute("href");
    return part ?? "";
  };
  const line = document.createElement("p");
  line.append(take("site"), take("date"));
  card.replaceChildren(line, take("title"), take("snippet"));
  if (!card.isConnected) document.body.append(card);
  card.hidden = false;
  const at = mark.getBoundingClientRect();
  const below = at.bottom + card.offsetHeight + 12 < window.innerHeight;
  const left = Math.min(Math.max(12, at.left - 24), page.clientWidth - card.offsetWidth - 12);
  const top = below ? at.bottom + 6 : at.top - card.offsetHeight - 6;
  card.style.translate = `${Math.round(left)}px ${Math.round(top)}px`;
}

const hideCard = () => {
  clearTimeout(cardTimer);
  card.hidden = true;
};

document.addEventListener("mouseover", (event) => {
  const mark = markAt(event.target);
  if (mark) cardTimer = setTimeout(() => showCard(mark), 120);
  else if (!card.contains(event.target)) hideCard();
});
document.addEventListener("focusin", (event) => {
  const mark = markAt(event.target);
  if (mark?.matches(":focus-visible")) showCard(mark);
  else hideCard();
});
document.addEventListener("scroll", hideCard, { passive: true });
document.addEventListener("keydown", (event) => event.key === "Escape" && hideCard());
document.addEventListener("click", (event) => {
  const mark = markAt(event.target);
  const source = mark && sourceOf(mark);
  if (!source) return;
  event.preventDefault();
  hideCard();
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  source.scrollIntoView({ block: "nearest", inline: "center", behavior: still ? "instant" : "smooth" });
  source.querySelector("a").focus({ preventScroll: true });
  document.querySelector(".pointed-at")?.classList.remove("pointed-at");
  void source.offsetWidth; // restarts the animation
  source.classList.add("pointed-at");
});

// --- Copying -----------------------------------------------------------------------------------------

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyTheOldWay(text); // without https there is no clipboard object
  }
}

function copyTheOldWay(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "visually-hidden";
  document.body.append(area);
  const focused = document.activeElement;
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  focused?.focus({ preventScroll: true });
  return done;
}

async function copyFor(button, text) {
  const done = await copy(text);
  document.getElementById("announcer").textContent = done ? words().copied : words().notCopied;
  if (!done || button.classList.contains("copied")) return;
  const use = button.querySelector("use");
  const icon = use?.getAttribute("href");
  use?.setAttribute("href", icon.replace(/#.*/, "#check"));
  button.classList.add("copied");
  setTimeout(() => {
    use?.setAttribute("href", icon);
    button.classList.remove("copied");
  }, 1600);
}

function sourcesAsText(article) {
  const lines = [...article.querySelectorAll(".source")].map((source) => {
    const link = source.querySelector(".source-title");
    return `[${source.value}] ${link.textContent.trim()} ${link.href}`;
  });
  return lines.join("\n");
}

document.addEventListener("click", (event) => {
  const code = event.target.closest(".copy-code");
  if (code) {
    const block = code.closest(".code") ?? code.closest(".code-head").parentElement;
    copyFor(code, block.querySelector("pre").textContent);
    return;
  }
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  if (button.dataset.copy.startsWith("#")) {
    copyFor(button, document.querySelector(button.dataset.copy).textContent.trim());
    return;
  }
  const article = button.closest("article");
  const text = article.querySelector("template[data-raw]").content.textContent;
  copyFor(button, button.dataset.copy === "sources" ? `${text}\n\n${sourcesAsText(article)}\n` : text);
});

// --- Pictures: shown large over the page; without scripts the link opens the picture itself -----------

document.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-picture]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  try {
    const viewer = await import(link.closest("[data-viewer]").dataset.viewer);
    viewer.show(link);
  } catch {
    location.assign(link.href);
  }
});

// --- What scripts add to an answer that has arrived --------------------------------------------------

function dress(root) {
  const button = document.getElementById("copy-code")?.content;
  for (const head of root.querySelectorAll(".code-head")) {
    if (button && !head.querySelector(".copy-code")) head.append(button.cloneNode(true));
  }
  for (const hidden of root.querySelectorAll("[data-copy][hidden], [data-models][hidden]")) hidden.hidden = false;
  for (const time of root.querySelectorAll("time[datetime]")) time.textContent = asOnReadersClock(time);
}

// The server writes times by its own clock; its format is kept.
const language = page.lang === "en" ? "en-GB" : page.lang;
const day = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", year: "numeric" });
const hour = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });

function asOnReadersClock(time) {
  const at = new Date(time.dateTime);
  return time.textContent.includes(":") ? `${day.format(at)}, ${hour.format(at)}` : day.format(at);
}

document.addEventListener("parley:arrived", (event) => dress(event.detail));
document.addEventListener("htmx:load", (event) => dress(event.detail.elt));
document.addEventListener("parley:ended", (event) => {
  const whole = event.detail.dataset.state === "finished";
  document.getElementById("announcer").textContent = whole ? words().ended : words().endedEarly;
  goOnWithSuccessor(event.detail);
});
// A service has ended, as this answer found out: the next question begins with the model that does its work.
function goOnWithSuccessor(article) {
  const instead = article.querySelector(".problem [data-instead-of]");
  const models = [...document.querySelectorAll("#composer input[name=model]")];
  if (!instead || models.find((model) => model.checked)?.value !== instead.dataset.insteadOf) return;
  models.find((model) => model.value === instead.value)?.click();
}
dress(document);

// The other models stand in the composer; they are written here only when somebody wants to choose.
document.addEventListener(
  "toggle",
  (event) => {
    const list = event.target.matches?.("[data-models]") && event.target.querySelector(".menu-list");
    if (!list || !event.target.open) return;
    const same = event.target.closest("form").querySelector("[name=model]").value;
    const buttons = [...document.querySelectorAll("#composer .model:has(input:enabled)")].map((model) => {
      const button = document.createElement("button");
      button.name = "model";
      button.value = model.querySelector("input").value;
      button.append(model.querySelector(".model-label").textContent);
      return button;
    });
    list.replaceChildren(...buttons.filter((button) => button.value !== same));
  },
  true,
);

// --- The time an answer has taken so far -------------------------------------------------------------

// The server's clock counts; a reader's may be off by minutes.
const ahead = Date.now() / 1000 - Number(document.body.dataset.now);

function tick() {
  for (const place of document.querySelectorAll(".elapsed")) {
    const seconds = Math.max(0, Math.floor(Date.now() / 1000 - ahead - Number(place.dataset.since)));
    const text = seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
    if (place.textContent !== text) place.textContent = text;
  }
}
setInterval(tick, 1000);
document.addEventListener("parley:arrived", tick);
tick();

// --- Older questions come in above without moving what is read ---------------------------------------

document.addEventListener("htmx:beforeSwap", (event) => {
  if (!event.detail.target.matches?.(".older")) return;
  const fromEnd = page.scrollHeight - window.scrollY;
  document.addEventListener(
    "htmx:afterSwap",
    () => window.scrollTo({ top: page.scrollHeight - fromEnd, behavior: "instant" }),
    { once: true },
  );
});

// A conversation opens at its last question, or at the one that the search found. A reload stays where it was.
function openAtQuestion() {
  if (location.hash || performance.getEntriesByType("navigation")[0]?.type !== "navigate") return;
  const exchanges = document.querySelectorAll("#exchanges > .exchange");
  const position = new URLSearchParams(location.search).get("around");
  const found = position && document.querySelector(`.exchange[data-position="${Number(position)}"]`);
  const last = exchanges[exchanges.length - 1];
  if (!found && last?.querySelector("[data-stream]")) document.dispatchEvent(new CustomEvent("parley:to-end"));
  else if (found || exchanges.length > 1) (found || last).scrollIntoView({ block: "start", behavior: "instant" });
}

openAtQuestion();
