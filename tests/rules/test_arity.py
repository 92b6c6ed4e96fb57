"""Our verdict on arguments against Python's, and Celery's, for any function and call."""

from celery import Celery
from hypothesis import given
from hypothesis import strategies as st

from celeryls.facts import FunctionDecl, extract
from celeryls.rules.arity import mismatch
from celeryls.rules.calls import Handed
from celeryls.syntax.expr import UNKNOWN

_NAMES = ["a", "b", "c", "d", "e", "f"]


@st.composite
def signatures(draw: st.DrawFn) -> str:
    """A parameter list: every kind, in the order that Python asks for."""
    names = iter(_NAMES)
    first, second, third = (draw(st.integers(0, 2)) for _ in range(3))
    defaults = draw(st.integers(0, first + second))
    positional = [next(names) for _ in range(first + second)]
    written = [
        f"{name}=0" if at >= len(positional) - defaults else name
        for at, name in enumerate(positional)
    ]
    if first and draw(st.booleans()):
        written.insert(first, "/")
    star = draw(st.sampled_from(["", "*args"]))
    if third and not star:
        star = "*"
    if star:
        written.append(star)
    written += [draw(st.sampled_from([name, f"{name}=0"])) for name in (next(names),) * third][:1]
    if draw(st.booleans()):
        written.append("**kw")
    return ", ".join(written)


@given(signatures(), st.integers(0, 5), st.sets(st.sampled_from([*_NAMES, "z"]), max_size=3))
def test_the_verdict_is_pythons_and_celerys(parameters: str, count: int, named: set[str]) -> None:
    text = f"def f({parameters}): pass"
    (decl,) = extract(f"@d\n{text}\n").interface.functions
    assert isinstance(decl, FunctionDecl)
    scope: dict = {"__name__": "m"}
    exec(text, scope)
    keywords = dict.fromkeys(named, 0)
    try:
        scope["f"](*[0] * count, **keywords)
        fits = True
    except TypeError:
        fits = False
    handed = Handed((UNKNOWN,) * count, tuple(named))
    assert (mismatch(decl.params, handed) is None) is fits
    app = Celery("x", broker="memory://", set_as_current=False)
    # Not shared: it would be registered on every other app of this process.
    task = app.task(scope["f"], name="f", shared=False)
    try:
        task.__header__(*[0] * count, **keywords)
        checked = True
    except TypeError:
        checked = False
    # Celery's check does not know of positional-only parameters.
    assert checked is fits or "/" in parameters


@given(signatures(), st.integers(0, 4), st.integers(0, 3))
def test_what_is_wrong_with_a_partial_signature_stays_wrong(
    parameters: str, count: int, more: int
) -> None:
    (decl,) = extract(f"@d\ndef f({parameters}): pass\n").interface.functions
    if mismatch(decl.params, Handed((UNKNOWN,) * count), final=False) is not None:
        assert mismatch(decl.params, Handed((UNKNOWN,) * (count + more))) is not None
