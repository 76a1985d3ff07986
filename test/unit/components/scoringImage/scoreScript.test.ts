import { inspectScoreScript } from "../../../../components/scoringImage/scoreScript";

const INIT = "def init():\n    pass\n";
const RUN = "def run(raw_data):\n    return raw_data\n";
const BOTH = `${INIT}${RUN}`;
const GOOD = { missing: [] };

describe("a script of the contract", () => {
  it.each([
    ["plain definitions", BOTH],
    ["a coroutine", `${INIT}async def run(raw_data):\n    return raw_data\n`],
    ["decorators", `import functools\n@functools.cache\n${INIT}@a.b(c=1)\n@d\n${RUN}`],
    ["types", "def init() -> None: ...\ndef run(raw_data: 'str | bytes') -> list[float]: ...\n"],
    ["imported names", "from model import init, run\n"],
    ["a list in parentheses", "from model import (\n    init,\n    run,\n)\n"],
    ["imports under another name", "from model import start as init\nimport predict as run\n"],
    [
      "definitions in branches",
      `import os\nif os.name:\n    ${INIT.replace("\n    ", " ")}else:\n    from a import init\n${RUN}`,
    ],
    [
      "definitions in try",
      `try:\n    from fast import run\nexcept ImportError:\n    def run(data): return data\n${INIT}`,
    ],
    ["definitions under with", `with context():\n    def init(): pass\n${RUN}`],
    ["assigned functions", "init = lambda: None\nrun = make_runner(model)\n"],
    ["functions with types assigned", "init: Callable = start\nrun: Callable = predict\n"],
    ["everything of a module", "from model import *\n"],
    ["functions unpacked from a list", "[init, run] = make()\n"],
    [
      "a class for a function",
      `${INIT}class run(Base):\n    def __new__(cls, data): return data\n`,
    ],
    ["functions assigned together", "init = setup = lambda: None\nrun = predict = str\n"],
    ["one function for both", "def both(raw_data=None): return raw_data\ninit = run = both\n"],
    ["a chain that ends in a tuple", "a = (init, run) = make()\n"],
    ["functions unpacked", "init, run = make()\n"],
    ["functions unpacked in parentheses", "(init, run) = make()\n"],
    ["lines that end as on Windows", BOTH.replaceAll("\n", "\r\n")],
    ["the mark that Windows editors put in front", `\uFEFF${BOTH}`],
    ["tabs", BOTH.replaceAll("    ", "\t")],
    ["a file without a last line end", BOTH.trimEnd()],
  ])("may have %s", (_, source) => {
    expect(inspectScoreScript(source)).toEqual(GOOD);
  });

  it.each([
    ["floats that end with a point", "x = 2.\ny = [1., .5, 1.e5, 1_000.]\n"],
    ["complex and other numbers", "x = 3j\ny = 0b1 + 0o7 + 0xFF + 1e-3\n"],
    [
      "a match statement",
      "match x:\n    case {'a': [1, *rest]} if rest:\n        y = 1\n    case _:\n        y = 2\n",
    ],
    ["match and case as names", "match = 1\ncase = match\nmatch.x(case)\n"],
    ["a bare yield", "def g():\n    yield\n    x = yield\n    yield from g()\n"],
    ["an assignment expression", "if (n := len('abc')) > 2:\n    print(n)\n"],
    ["f-strings", "x = f'{1 + 1!r:>{10}} {{}} {\"a\"}'\n"],
    ["strings of several lines", 'x = """a\n"quoted"\nb"""\ny = rb\'\\x\' + Rb""\n'],
    ["positional-only arguments", "def f(a, /, b, *, c=1, **d): return a\n"],
    ["starred expressions", "a, *b = 1, 2, 3\nc = [*b, *{**{}}]\nprint(*b, sep='')\n"],
    ["type parameters in comments", "x = []  # type: list[int]\n"],
    ["exception groups", "try:\n    pass\nexcept* ValueError as e:\n    pass\n"],
    [
      "asynchronous code",
      "async def f():\n    async with a as b:\n        async for x in y:\n            await x\n    return [z async for z in y]\n",
    ],
    ["parentheses around with", "with (open('a') as f, open('b') as g):\n    pass\n"],
    ["lambdas and conditions", "x = lambda *a, k=1, **b: a if b else k\n"],
    ["lines that are continued", "x = 1 + \\\n    2\nassert x, \\\n    'no'\n"],
    ["semicolons", "x = 1; y = 2;\n"],
    ["names of other alphabets", "größe = 1\nπ = 3.\n"],
    ["matrix products and other operators", "x @= y\nx = a @ b // c ** -d\nx >>= ~1\n"],
    [
      "global, nonlocal and del",
      "def f():\n    global a\n    x = 1\n    def g():\n        nonlocal x\n        del x\n",
    ],
    ["slices and an ellipsis", "x = a[1:2, ..., ::3, b:]\n"],
    [
      "a class with everything",
      "@d\nclass A(B, metaclass=C):\n    x: int = 1\n    def f(self): ...\n",
    ],
    ["print called like a function", "print('a', file=x)\nprint\n"],
    ["a nested comprehension", "x = {a: b for a in c if d for b in a}\ny = (i async for i in z)\n"],
  ])("is not called faulty for %s", (_, source) => {
    // The interpreter of this machine has the last word on what is Python.
    expect(inspectScoreScript(`${BOTH}${source}`).syntaxError).toBeUndefined();
  });
});

describe("a script without the contract", () => {
  it.each([
    ["is empty", "", ["init", "run"]],
    ["has only comments", "# def init(): pass\n", ["init", "run"]],
    ["lacks run", INIT, ["run"]],
    ["lacks init", RUN, ["init"]],
    ["has them in a string", '"""\ndef init(): pass\ndef run(d): pass\n"""\n', ["init", "run"]],
    [
      "has them in a class",
      "class A:\n    def init(self): pass\n    def run(self, d): pass\n",
      ["init", "run"],
    ],
    [
      "has one within the other",
      "def init():\n    def run(d): pass\n    run = 1\n    from a import run\n",
      ["run"],
    ],
    ["writes them otherwise", "def Init(): pass\ndef RUN(d): pass\n", ["init", "run"]],
    ["only calls them", "init()\nrun(1)\n", ["init", "run"]],
    ["only names them in a value", "x = run\ny = (init, run)\nself.run = 1\n", ["init", "run"]],
    ["has a class that is based on one", `${INIT}class A(run): pass\n`, ["run"]],
    ["only compares with them", `${INIT}if run == 1: pass\n`, ["run"]],
    [
      "only names them as a module",
      "import run.init\nfrom init import something\nfrom run import init as x\n",
      ["init"],
    ],
  ])("is told what it lacks when it %s", (_, source, missing) => {
    expect(inspectScoreScript(source).missing).toEqual(missing);
    expect(inspectScoreScript(source).syntaxError).toBeUndefined();
  });
});

describe("what is not Python", () => {
  it.each([
    ["a colon that is missing", `${BOTH}def f()\n    pass\n`, /^SyntaxError: .*\(line 5\)$/],
    ["a bracket that stays open", `${BOTH}x = [1, 2\n`, /^SyntaxError: .*\(line 5\)$/],
    [
      "a fault within a function",
      "def init():\n    x = = 1\ndef run(d): pass\n",
      /^SyntaxError: .*\(line 2\)$/,
    ],
    [
      "a fault within a method",
      `${BOTH}class A:\n    def f(self):\n        return return\n`,
      /^SyntaxError/,
    ],
    ["a string that stays open", `${BOTH}x = 'a\n`, /^SyntaxError/],
    ["Python 2's print", `${BOTH}print "hello"\n`, /^SyntaxError: Missing parentheses/],
    [
      "Python 2's exceptions",
      `${BOTH}try:\n    pass\nexcept ValueError, e:\n    pass\n`,
      /^SyntaxError/,
    ],
    ["JavaScript", "function init() { return 1; }\n", /^SyntaxError/],
    ["JSON", '{"init": true,\n "run": }', /^SyntaxError/],
    ["a notebook", '{"cells": [], "metadata": {}, "nbformat": 4', /^SyntaxError/],
    ["a binary file", "\u0080\u0003csklearn\nRidge\nq\u0000", /Error/],
    [
      "a line indented less than its block",
      `${BOTH}def f():\n    x = 1\n  y = 2\n`,
      /^IndentationError/,
    ],
    ["a body that is not indented", "def init():\npass\ndef run(d): pass\n", /^IndentationError/],
    ["a line indented for no reason", `${BOTH}x = 1\n    y = 2\n`, /^IndentationError/],
  ])("is found in %s, in the interpreter's words", (_, source, words) => {
    expect(inspectScoreScript(source).syntaxError).toMatch(words);
  });
});
