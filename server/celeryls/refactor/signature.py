"""A parameter more in front of all others, laid out as they are.

Knows the text of one function's head; libcst sees that and no more.
"""

import re
from typing import TYPE_CHECKING

from celeryls.text import Edit, Span, minimal_edit

if TYPE_CHECKING:
    import libcst

_LETTERS = range(0x4E00, 0xA000)


def insert_first(name: str, head: str, start: int) -> Edit:
    r"""The insertion of a parameter into `head`, the text from `def` up to the body.

    `start` is the head's offset in its file, which the edit refers to.  Its lines end in `\n`.
    Raises `ValueError` where libcst can't read the head, or can't give it back as it was.
    """
    import libcst

    code = re.sub("\r(?!\n)", "\n", head) + "pass\n"
    try:
        module = libcst.parse_module(code)
    except libcst.ParserSyntaxError as error:
        raise ValueError(error.message) from error
    function = module.body[0]
    if module.code != code or not isinstance(function, libcst.FunctionDef):
        raise ValueError("libcst does not understand them")
    # A stand-in that the head does not have, so that the edit begins and ends where it does.
    mark = next(chr(code_point) for code_point in _LETTERS if chr(code_point) not in code)
    after = module.with_changes(body=[_with_first(function, mark)]).code
    edit = minimal_edit(Span(start, start + len(code)), code, after)
    if edit is None or edit.span.length:
        raise ValueError("more than one name would change")
    return Edit(edit.span, edit.new_text.replace("\r\n", "\n").replace(mark, name))


def _with_first(function: "libcst.FunctionDef", name: str) -> "libcst.FunctionDef":
    import libcst

    params, before = function.params, function.whitespace_before_params
    others = _in_order(params)
    if not others:
        # What stands between the parentheses stays behind the new one.
        only = libcst.Param(libcst.Name(name), whitespace_after_param=before)
        return function.with_changes(
            params=params.with_changes(params=(only,)),
            whitespace_before_params=libcst.SimpleWhitespace(""),
        )
    after: libcst.BaseParenthesizableWhitespace = libcst.SimpleWhitespace(" ")
    if isinstance(before, libcst.ParenthesizedWhitespace) and _has_own_line(before, others):
        # A comment above the first parameter stays with it; one behind `(` stays there.
        newline = libcst.TrailingWhitespace(newline=before.first_line.newline)
        after = before.with_changes(first_line=newline)
        before = before.with_changes(empty_lines=())
    first = libcst.Param(libcst.Name(name), comma=libcst.Comma(whitespace_after=after))
    where = "posonly_params" if params.posonly_params else "params"
    return function.with_changes(
        params=params.with_changes(**{where: (first, *getattr(params, where))}),
        whitespace_before_params=before,
    )


def _has_own_line(
    before: "libcst.ParenthesizedWhitespace", others: "list[libcst.Param | libcst.ParamStar]"
) -> bool:
    """Whether the first parameter has a line of its own, so that ours should have one too."""
    import libcst

    if len(others) == 1 or any(line.comment for line in before.empty_lines):
        return True
    comma = others[0].comma
    return isinstance(comma, libcst.Comma) and isinstance(
        comma.whitespace_after, libcst.ParenthesizedWhitespace
    )


def _in_order(params: "libcst.Parameters") -> "list[libcst.Param | libcst.ParamStar]":
    import libcst

    star, star_kwarg = params.star_arg, params.star_kwarg
    return [
        *params.posonly_params,
        *params.params,
        *([star] if isinstance(star, libcst.Param | libcst.ParamStar) else []),
        *params.kwonly_params,
        *([star_kwarg] if star_kwarg is not None else []),
    ]
