"""Checking the files of workspaces, and mending them: what `check` does before it prints."""

import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

import click

from celeryls.cli.diffs import unified_diff
from celeryls.cli.failure import Failure
from celeryls.cli.formats import Found, Report
from celeryls.cli.workspaces import Opened, display, warn
from celeryls.cli.writing import write_all
from celeryls.config import Config
from celeryls.engine import Diagnostic, Selection, check_file
from celeryls.engine.baseline import not_in_baseline
from celeryls.ide.fix_all import fixed
from celeryls.project import Project
from celeryls.text import Source, lines_of
from celeryls.text.files import UnreadableSource, read_source


@dataclass(frozen=True, slots=True)
class Chosen:
    """The rules that the command line names, beside those of the configuration."""

    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def over(self, config: Config) -> Config:
        """The configuration with these over it."""
        return replace(
            config,
            select=self.select or config.select,
            extend_select=(*config.extend_select, *self.extend_select),
            ignore=(*config.ignore, *self.ignore),
        )

    def verify(self) -> None:
        """Raises `Failure` if one of them is no rule."""
        problems = Selection(self.over(Config())).problems
        if problems:
            raise Failure("; ".join(problem.message for problem in problems))


@dataclass
class Run:
    """One run of `check` over workspaces; `stdin` are the files whose text is not on disk."""

    chosen: Chosen
    fix: bool = False
    unsafe: bool = False
    diff: bool = False
    stdin: Mapping[str, Source] = field(default_factory=dict)
    fixed: dict[str, str] = field(default_factory=dict)
    """The new texts of files that were mended."""
    stale: int = 0
    """Entries of baselines that nothing was found for, in the files that were checked."""
    _found: list[Found] = field(default_factory=list)
    _mended: list[tuple[str, Diagnostic]] = field(default_factory=list)
    _checked: set[str] = field(default_factory=set)
    _projects: list[Project] = field(default_factory=list)

    @property
    def report(self) -> Report:
        """What was found so far."""
        checked = frozenset(self._checked)
        return Report(tuple(self._found), tuple(self._mended), checked, self._text_of)

    def workspace(self, opened: Opened) -> None:
        """Check the files of a workspace that were asked for."""
        loaded = opened.workspace.loaded
        for problem in Selection(loaded.config).problems:
            warn(f"{loaded.path}: {problem.message}")
        config = self.chosen.over(loaded.config)
        selection = Selection(config, loaded.baseline)
        project = opened.workspace.snapshot()
        sources = self._read(path for path in sorted(opened.files) if path in project.files)
        texts: Mapping[str, str] = {path: source.text for path, source in sources.items()}
        if self.fix or self.diff:
            sources |= self._read(_reached(project, texts, selection) & {*opened.files})
            project, texts = self._mend(project, sources, selection)
        self._projects.append(project)
        self._checked |= texts.keys()
        everything = Selection(config)
        for path, text in texts.items():
            found = check_file(project, path, text, everything)
            if found is None:
                # It may be valid for a newer one: 3.12 allows more in f-strings.
                python = "Python {}.{}".format(*sys.version_info)
                warn(f"{display(path)}: not valid for {python}, which runs celeryls; left out")
                continue
            name = project.relative(path)
            new = tuple(not_in_baseline(found, name, lines_of(text), loaded.baseline))
            known = sum(map(everything.runs, loaded.baseline.get(name, ())))
            self.stale += known - (len(found) - len(new))
            self._found += [Found(path, text, item) for item in new]

    def _mend(
        self, project: Project, sources: Mapping[str, Source], selection: Selection
    ) -> tuple[Project, Mapping[str, str]]:
        """Fix these files, or show how; the project and their texts afterwards."""
        before = {path: source.text for path, source in sources.items()}
        result = fixed(project, before, selection, unsafe=self.unsafe)
        for path in sorted(result.failed):
            warn(f"{display(path)}: a fix gave code that does not parse, and was thrown away")
        self._mended += result.applied
        if self.diff:
            for path in sorted(result.texts):
                diff = unified_diff(display(path), before[path], result.texts[path])
                click.echo(diff, nl=False)
            return project, before
        ours = {p: t for p, t in result.texts.items() if p not in self.stdin}
        write_all(sources, {p: replace(sources[p], text=text) for p, text in ours.items()})
        self.fixed.update(result.texts)
        for path, text in result.texts.items():
            project = project.with_text(path, text)
        return project, {**before, **result.texts}

    def _read(self, paths: Iterable[str]) -> dict[str, Source]:
        sources = {}
        for path in paths:
            # What can't be read was said when it was scanned.
            with suppress(OSError, UnreadableSource):
                sources[path] = self.stdin.get(path) or read_source(path)
        return sources

    def _text_of(self, path: str) -> str | None:
        texts = (project.text(path) for project in self._projects if path in project.files)
        return next(texts, None)


def _reached(project: Project, texts: Mapping[str, str], selection: Selection) -> set[str]:
    """The files beside these that fixes need: a package's `__init__.py` may say nothing yet."""
    found = (
        item
        for path, text in texts.items()
        for item in check_file(project, path, text, selection) or ()
    )
    return {p for item in found for fix in item.finding.fixes[:1] for p in fix.edits} - texts.keys()
