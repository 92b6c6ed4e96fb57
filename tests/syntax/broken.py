"""Text in every state of disrepair."""

from hypothesis import strategies as st

from .samples import SAMPLES

_PIECES = [
    *"\n\r\f\v\t\u2028\x85\x00\ufeff\ud83d😀é",
    *" \\#'\"{}()[],:=.*@-!x1",
    *("\r\n", "    ", "\\\n", '"""', "'''", 'f"', 'rb"'),
    *(":=", "==", "...", "**", "->", "# comment"),
    *("def ", "class ", "async ", "await ", "lambda ", "return ", "yield ", "pass", "type "),
    *("if ", "else", "elif ", "for ", "in ", "while ", "with ", "as ", "match ", "case _", "not "),
    *("try", "except ", "finally", "raise ", "import ", "from ", "global ", "nonlocal ", "del "),
    *("self", "app", "task", "app.task", "shared_task", ".delay(", ".apply_async(", ".retry("),
    *("app.conf.update(", "app.conf", "os.environ", "0x", "1e9", "0777", "10l", "None"),
]

fragments = st.lists(st.sampled_from(_PIECES), max_size=25).map("".join)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A sample with lines and stretches taken out, doubled, cut off or put elsewhere."""
    text = draw(st.sampled_from(SAMPLES))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        if draw(st.booleans()):
            start = text.rfind("\n", 0, start) + 1
            end = text.find("\n", start + draw(st.integers(0, 120))) + 1 or len(text)
        else:
            end = min(len(text), start + draw(st.integers(0, 40)))
        piece = text[start:end]
        match draw(st.sampled_from(["delete", "double", "truncate", "move", "insert", "half"])):
            case "delete":
                text = text[:start] + text[end:]
            case "double":
                text = text[:end] + piece + text[end:]
            case "truncate":
                text = text[:end]
            case "move":
                rest = text[:start] + text[end:]
                to = draw(st.integers(0, len(rest)))
                text = rest[:to] + piece + rest[to:]
            case "insert":
                text = text[:start] + draw(fragments) + text[start:]
            case "half":
                text = text[: start + len(piece) // 2] + text[end:]
    return text


texts = st.one_of(damaged(), fragments, st.text(max_size=60))

HOSTILE = {
    "minus signs": "-" * 100_000 + "1",
    "nots": "x = " + "not " * 50_000 + "1",
    "open brackets": "(" * 5000,
    "nested brackets": "x = " + "[" * 5000 + "]" * 5000,
    "brackets at the limit": "x = " + "(" * 190 + ")" * 190,
    "nested dicts": "x = " + "{1:" * 90 + "1" + "}" * 90,
    "long sum": "x = " + " + ".join(["a"] * 5000),
    "longest sum that parses": "def f(x: " + " + ".join(["a"] * 900) + "): return x",
    "attribute chain": "x = a" + ".b" * 3000 + "\n@a" + ".b" * 900 + "\ndef f(): pass",
    "attribute chain that parses": "x = a" + ".b" * 900 + "\nx.y" + ".b" * 900 + ".conf.z = 1",
    "attribute chain of a megabyte": "x = a" + ".b" * 500_000,
    "call chain": "x = a" + ".b()" * 900 + ".delay(1)",
    "call chain of a megabyte": "x = a" + "()" * 500_000,
    "subscript chain": "x" + "[0]" * 2900 + " = 1",
    "decorators": "@a\n" * 5000 + "def f(): pass",
    "elif chain": "if a: pass\n" + "elif a: app.conf.x = 1\n" * 900,
    "longest elif chain that parses": "if a: pass\n" + "elif a: return_ = 1\n" * 2900,
    "elif chain in a task": "@app.task\ndef f(self):\n    if a: return 1\n"
    + "    elif self.a: return 2\n" * 2900,
    "nested functions": "".join(" " * n + f"def f{n}():\n" for n in range(99)) + " " * 99 + "pass",
    "nested classes": "".join(" " * n + f"class C{n}:\n" for n in range(99)) + " " * 99 + "pass",
    "indented too deep": "".join(" " * n + "if a:\n" for n in range(200)) + " " * 200 + "pass",
    "lambdas": "x = " + "lambda x: " * 60 + "x.delay()",
    "nested comprehensions": "x = " + "[" * 60 + "(y := task.delay())" + " for task in z]" * 60,
    "nested lambdas in comprehensions": "x = "
    + "[lambda a=" * 30
    + "y.delay()"
    + ": a for a in z]" * 30,
    "null bytes": "x = 1\x00\n\x00\n@app.task\ndef f(): pass\n",
    "only null bytes": "\x00" * 1000,
    "lone surrogates": "x = '\ud83d'\n\udc00 = 1\n@app.task\ndef f(): pass\n",
    "annotation older Pythons can't unparse": "def f(x: f'''{\"\"\"\n\"\"\"}'''): pass",
    "number too long for str": "import os\nos.environ['DJANGO_SETTINGS_MODULE'] = 0x"
    + "f" * 9000
    + "\ndef f(x: 0x"
    + "f" * 9000
    + "): pass",
    "number too long for Python": "x = " + "1" * 9000 + "\n@app.task\ndef f(): pass\n",
    "invalid escapes": "x = '\\d \\ '\n",
    "only newlines": "\n" * 100_000,
    "only carriage returns": "\r" * 100_000,
    "empty": "",
}
