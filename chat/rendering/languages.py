"""What the words of some languages mean, and how they mark comments and strings."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """What the words of a language mean, and how it marks comments and strings. Words are separated by blanks."""

    keywords: str
    types: str = ""
    constants: str = "true false null"
    builtins: str = ""
    line_comment: str = "//"
    block_comment: tuple[str, str] = ("/*", "*/")
    quotes: str = "\"'"
    long_quotes: tuple[str, ...] = ()
    declaring: str = "class struct enum interface"
    preprocessor: bool = False


_C_WORDS = (
    "break case const continue default do else for goto if return sizeof static switch typedef union volatile while"
)
_C_TYPES = (
    "auto bool char double float int long short signed size_t unsigned void int8_t int32_t int64_t uint8_t uint32_t"
)
_JAVA_WORDS = (
    "abstract assert break case catch const continue default do else extends final finally for if implements "
    "import instanceof native new package permits private protected public record return sealed static super "
    "switch synchronized this throw throws transient try var volatile while yield"
)
_JAVA_TYPES = "boolean byte char double float int long short void String"
_JS_WORDS = (
    "as async await break case catch const continue debugger default delete do else export extends finally "
    "for from get if import in instanceof let new of return set static super switch this throw try typeof var "
    "void while with yield"
)
_JS_BUILTINS = (
    "Array Boolean Date Error JSON Map Math Number Object Promise RegExp Set String Symbol console document window"
)

LANGUAGES = {
    "c": Language(
        keywords=_C_WORDS + " " + ("extern inline register restrict"),
        types=_C_TYPES,
        constants="NULL true false",
        preprocessor=True,
    ),
    "cpp": Language(
        keywords=_C_WORDS
        + " "
        + (
            "catch concept const_cast constexpr decltype delete dynamic_cast explicit extern final friend "
            "inline mutable namespace new noexcept operator override private protected public requires "
            "static_cast template this throw try typename using virtual co_await co_return co_yield"
        ),
        types=_C_TYPES + " " + ("string vector wchar_t"),
        constants="nullptr NULL true false",
        preprocessor=True,
    ),
    "csharp": Language(
        keywords=_JAVA_WORDS
        + " "
        + (
            "as async await base checked delegate event explicit extern fixed foreach get goto implicit in "
            "init internal is lock nameof namespace operator out override params readonly ref sizeof "
            "stackalloc typeof unsafe using virtual when where"
        ),
        types=("bool byte char decimal double dynamic float int long object sbyte short string uint ulong ushort void"),
        long_quotes=('"""',),
        preprocessor=True,
    ),
    "dart": Language(
        keywords=_JAVA_WORDS
        + " "
        + (
            "as async await covariant deferred dynamic export extension external factory get is late library "
            "mixin on operator part required rethrow set show sync typedef with"
        ),
        types="bool double int num void List Map Object Set String Future Stream",
        long_quotes=('"""', "'''"),
    ),
    "go": Language(
        keywords=(
            "break case chan const continue default defer else fallthrough for go goto if import map package "
            "range return select switch var"
        ),
        types=(
            "any bool byte complex128 error float32 float64 int int16 int32 int64 int8 rune string uint "
            "uint16 uint32 uint64 uint8 uintptr"
        ),
        constants="true false nil iota",
        builtins="append cap close copy delete len make new panic print println recover",
        long_quotes=("`",),
        declaring="func type struct interface",
    ),
    "groovy": Language(
        keywords=_JAVA_WORDS + " " + ("as def in it trait"),
        types=_JAVA_TYPES,
        long_quotes=('"""', "'''"),
        declaring="class def interface trait",
    ),
    "java": Language(
        keywords=_JAVA_WORDS,
        types=_JAVA_TYPES,
        long_quotes=('"""',),
        declaring="class interface enum record",
    ),
    "javascript": Language(
        keywords=_JS_WORDS,
        constants="true false null undefined NaN Infinity",
        builtins=_JS_BUILTINS,
        long_quotes=("`",),
        declaring="class function",
    ),
    "kotlin": Language(
        keywords=(
            "abstract as break by catch companion const constructor continue data do else enum final finally "
            "for if import in infix init inline inner internal is lateinit open operator out override package "
            "private protected public reified return sealed super suspend tailrec this throw try typealias "
            "val var vararg when where while"
        ),
        types="Any Boolean Byte Char Double Float Int List Long Map Set Short String Unit",
        long_quotes=('"""',),
        declaring="class fun interface object",
    ),
    "lua": Language(
        keywords="and break do else elseif end for goto if in local not or repeat return then until while",
        constants="true false nil",
        builtins="assert error ipairs next pairs pcall print require select tonumber tostring type",
        line_comment="--",
        block_comment=("--[[", "]]"),
        declaring="function",
    ),
    "make": Language(
        keywords="define else endef endif export ifdef ifeq ifndef ifneq include override unexport",
        constants="",
        line_comment="#",
        block_comment=("", ""),
        declaring="",
    ),
    "matlab": Language(
        keywords=(
            "break case catch classdef continue else elseif end for global if otherwise parfor persistent "
            "return switch try while"
        ),
        constants="true false pi inf nan",
        line_comment="%",
        block_comment=("%{", "%}"),
        quotes='"',
        declaring="function",
    ),
    "objective-c": Language(
        keywords=_C_WORDS + " " + ("in self super nonatomic strong weak copy readonly assign"),
        types=_C_TYPES + " " + ("id BOOL NSString NSInteger"),
        constants="YES NO nil NULL true false",
        preprocessor=True,
    ),
    "perl": Language(
        keywords=(
            "and cmp die do else elsif eq exit for foreach ge gt if last le local lt my ne next no not or our "
            "package redo require return unless until use while xor"
        ),
        constants="undef",
        builtins=(
            "chomp defined delete each exists grep join keys length map open pop print printf push shift sort "
            "split sprintf substr uc lc values"
        ),
        line_comment="#",
        block_comment=("", ""),
        declaring="sub",
    ),
    "powershell": Language(
        keywords=(
            "begin break catch continue do else elseif end exit filter finally for foreach if in param "
            "process return switch throw trap try until while"
        ),
        constants="",
        line_comment="#",
        block_comment=("<#", "#>"),
        declaring="function class enum",
    ),
    "protobuf": Language(
        keywords=(
            "extend extensions import map oneof option optional package public repeated required reserved "
            "returns rpc stream syntax to"
        ),
        types="bool bytes double fixed32 fixed64 float int32 int64 sint32 sint64 string uint32 uint64",
        constants="true false",
        declaring="message service enum",
    ),
    "python": Language(
        keywords=(
            "and as assert async await break case continue del elif else except finally for from global if "
            "import in is lambda match nonlocal not or pass raise return try while with yield"
        ),
        constants="True False None",
        builtins=(
            "abs all any bool bytes dict enumerate filter float frozenset getattr hasattr id input int "
            "isinstance issubclass iter len list map max min next object open print property range repr "
            "reversed round self set setattr sorted staticmethod classmethod str sum super tuple type zip cls "
            "Exception ValueError TypeError KeyError"
        ),
        line_comment="#",
        block_comment=("", ""),
        long_quotes=('"""', "'''"),
        declaring="class def",
    ),
    "terraform": Language(
        keywords="data for for_each if in locals module output provider resource terraform variable",
        types="any bool list map number object set string",
        line_comment="#",
        declaring="",
    ),
    "typescript": Language(
        keywords=_JS_WORDS
        + " "
        + (
            "abstract asserts declare implements infer is keyof namespace override private protected public "
            "readonly satisfies type unique"
        ),
        types="any bigint boolean never number object string symbol unknown void",
        constants="true false null undefined NaN Infinity",
        builtins=_JS_BUILTINS,
        long_quotes=("`",),
        declaring="class enum function interface",
    ),
}
