"""How shells read a line, by what is documented of each.

None of them is run: most machines have one of these.  Each function gives the words that a program
gets, and fails where the shell would do anything but run one program with them.
"""

import re

_TYPOGRAPHIC = "“”„‘’‚‛"
"""What PowerShell takes for quotes as well (about_Quoting_Rules)."""


def fish(line: str) -> list[str]:
    """fish, "Quotes" and "Escaping characters" of its language's reference."""
    words, word, at = [], "", 0
    begun = False
    while at < len(line):
        character = line[at]
        if character == "'":
            at += 1
            while line[at] != "'":
                escaped = line[at] == "\\" and line[at + 1] in "\\'"
                at += escaped
                word += line[at]
                at += 1
            begun = True
        elif character == "\\":
            at += 1
            assert not line[at].isalnum(), "an escape sequence"
            word, begun = word + line[at], True
        elif character == " ":
            words += [word] if begun else []
            word, begun = "", False
        else:
            assert character not in '"$*?~#()<>^&|;{}[]', character
            word, begun = word + character, True
        at += 1
    return [*words, word] if begun else words


def cmd(line: str) -> list[str]:
    """cmd: what `cmd /?` calls special stands in quotes; the program splits its line itself."""
    inside = False
    for character in line:
        inside ^= character == '"'
        assert character not in ("%!\n" if inside else "!\n&<>()|^"), character
    assert not inside
    assert not line.startswith("@")
    return argv(line)


def powershell(line: str) -> list[str]:
    """PowerShell: about_Parsing, about_Quoting_Rules, about_Special_Characters.

    Before 7.3 it puts a word with blanks between quotes, and escapes none that are in it.
    """
    assert not set(line) & set(_TYPOGRAPHIC)
    words = re.findall(r'"[^"]*"(?= |$)|[^ "]+(?= |$)', line)
    assert " ".join(words) == line
    given = []
    for word in words:
        if word.startswith('"'):
            assert not set(word) & set("$`\n"), word
            given.append(word[1:-1])
        else:
            assert re.fullmatch(r"[^$`'\n;|&<>(){},@#][^$`'\n;|&<>(){},]*", word), word
            given.append(word)
    return argv(" ".join(f'"{word}"' if " " in word or not word else word for word in given))


def argv(line: str) -> list[str]:
    """A program of Windows: the rules of CommandLineToArgvW."""
    words, word, quoted, begun, at = [], "", False, False, 0
    while at < len(line):
        slashes = len(line[at:]) - len(line[at:].lstrip("\\"))
        at += slashes
        next_ = line[at : at + 1]
        if next_ == '"':
            word += "\\" * (slashes // 2)
            if slashes % 2:
                word += '"'
            else:
                quoted = not quoted
            begun = True
        else:
            word += "\\" * slashes
            begun |= slashes > 0
            if next_ == " " and not quoted:
                words += [word] if begun else []
                word, begun = "", False
            elif next_:
                word, begun = word + next_, True
        at += 1
    return [*words, word] if begun else words
