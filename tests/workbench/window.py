"""VS Code's window as a person sees it: what is shown, and the keys and clicks that lead there."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import FrameLocator, Locator, Page

SECONDS = 30
"""How long a thing may take to appear, on a busy machine."""


class Window:
    """One window of VS Code with a folder open."""

    def __init__(self, page: Page, pictures: Path | None) -> None:
        self.page = page
        self.pictures = pictures
        page.set_default_timeout(SECONDS * 1000)

    def open(self, url: str) -> None:
        self.page.goto(url)
        self.page.locator(".monaco-workbench .statusbar").wait_for()
        explorer = self.page.locator(".explorer-folders-view, .explorer-viewlet").first
        explorer.wait_for()
        if "No Folder Opened" in explorer.inner_text():
            # A window that was faster than its server, which had not read the workspace file.
            self.page.wait_for_timeout(3000)
            self.page.reload()
            self.page.locator(".explorer-folders-view .monaco-list-row").first.wait_for()

    # Keys

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def insert(self, text: str) -> None:
        """Put a text in at once: no Enter in it is taken for that of a list of suggestions."""
        self.page.keyboard.insert_text(text)

    def command(self, title: str) -> None:
        """Run a command from the palette by its title."""
        self.find_command(title)
        self.quick_rows.filter(has_text=title).first.click()

    def find_command(self, title: str) -> None:
        """Have the palette list a command; an extension's are there once it is known."""
        row = self.quick_rows.filter(has_text=title).first
        self.look_up("F1", ">", ">" + title, row)

    def look_up(self, key: str, nothing: str, text: str, row: Locator) -> None:
        """Type into the quick input until a row is listed: it looks once for what is typed."""

        def listed() -> bool:
            with contextlib.suppress(Exception):  # it may be on its way out
                if not self.quick_input.is_visible():
                    self.press(key)
                    self.quick_input.wait_for(timeout=3000)
                self.quick_field.fill(nothing, timeout=1000)
                self.quick_field.fill(text, timeout=1000)
                row.wait_for(timeout=1000)
            return row.is_visible()

        self.until(listed)

    # Quick input: palette, pickers, input boxes

    @property
    def quick_input(self) -> Locator:
        return self.page.locator(".quick-input-widget:visible")

    @property
    def quick_field(self) -> Locator:
        return self.quick_input.locator("input:not([type=checkbox])").first

    @property
    def quick_rows(self) -> Locator:
        return self.quick_input.locator(".quick-input-list .monaco-list-row")

    def quick_title(self) -> str:
        """The title over a quick input, with its step counter."""
        return self.quick_input.locator(".quick-input-title").inner_text()

    def quick_message(self) -> str:
        """What is said under its field: the prompt, or why the answer will not do."""
        return self.quick_input.locator(".quick-input-message").inner_text()

    def quick_labels(self) -> list[str]:
        return [squeezed(text) for text in self.quick_rows.all_inner_texts()]

    def quick_invalid(self) -> bool:
        return self.quick_input.locator(".monaco-inputbox.error").count() > 0

    def back(self) -> None:
        self.quick_input.locator(".quick-input-left-action-bar .action-label").first.click()

    def finish(self) -> None:
        """Leave the rest of a dialogue as it is proposed."""
        self.quick_input.locator(".codicon-check-all").first.click()

    # Editor

    def open_file(self, name: str) -> None:
        """Open a file of the folder by name."""
        row = self.quick_rows.filter(has_text=Path(name).name).first
        self.look_up("Control+p", "", name, row)
        self.press("Enter")
        self.tab(Path(name).name).wait_for()
        self.editor.locator(".view-line").first.wait_for()

    def tab(self, name: str) -> Locator:
        return self.page.locator(".tabs-container .tab", has_text=name)

    @property
    def editor(self) -> Locator:
        return self.page.locator(".editor-group-container.active .monaco-editor").first

    def lines(self) -> list[str]:
        """The lines on show, with what the server adds to them: inlay hints."""
        rows = self.editor.locator(".view-line")
        placed = rows.evaluate_all("rows => rows.map(r => [parseFloat(r.style.top), r.innerText])")
        return [text.replace("\xa0", " ").replace("\u200b", "") for _, text in sorted(placed)]

    def cursor(self, line: int, column: int = 1) -> None:
        """Put the cursor there, both counted from 1, and bring the line on show."""
        self.press("Control+g")
        self.quick_input.wait_for()
        self.quick_field.fill(f":{line}:{column}")
        self.press("Enter")
        self.quick_input.wait_for(state="hidden")
        wanted = f"Ln {line}, Col {column}"
        self.page.locator(".statusbar-item", has_text=wanted).wait_for()

    def save(self) -> None:
        self.press("Control+s")
        self.page.locator(".tab.active.dirty").wait_for(state="detached")

    def undo(self) -> None:
        self.press("Control+z")

    def undo_to(self, path: Path, text: str) -> None:
        """Take one step back in the editor, and see the file as it was once it is saved."""
        self.focus_editor()
        self.undo()

        def saved() -> str:
            # An undo of several files takes its time, and a key does not wait for it.
            self.save()
            return path.read_text("utf-8")

        self.until_equal(saved, text)

    @property
    def squiggles(self) -> Locator:
        """Whatever the severity; not the fade of unused code."""
        names = ("error", "warning", "info", "hint")
        return self.editor.locator(", ".join(f".squiggly-{name}" for name in names))

    def hover(self) -> str:
        """What the hover at the cursor says, once it says all."""
        self.press("Control+k", "Control+i")
        shown = self.page.locator(".monaco-resizable-hover:visible, .monaco-hover:visible").first
        shown.wait_for()
        self.until(lambda: "Checking for quick fixes" not in shown.inner_text())
        return squeezed(shown.inner_text())

    def focus_editor(self) -> None:
        self.press("Control+1")

    def lightbulb(self) -> list[str]:
        """Open the menu of code actions at the cursor; its titles."""
        self.press("Control+.")
        self.actions.first.wait_for()
        return [squeezed(text) for text in self.actions.all_inner_texts()]

    @property
    def actions(self) -> Locator:
        return self.page.locator(".action-widget:visible .monaco-list-row.action")

    def choose_action(self, title: str) -> None:
        row = self.actions.filter(has_text=title).first
        row.wait_for()
        row.click()

    @property
    def lenses(self) -> Locator:
        return self.editor.locator(".codelens-decoration")

    # Parts of the window

    def problems(self) -> list[str]:
        """What the Problems panel lists."""
        panel = self.page.locator(".markers-panel")
        if not panel.count() or not panel.first.is_visible():
            self.press("Control+Shift+m")
        panel.first.wait_for()
        rows = panel.locator(".monaco-list-row")
        return [squeezed(text) for text in rows.all_inner_texts()]

    @property
    def notifications(self) -> Locator:
        return self.page.locator(".notifications-toasts .notification-list-item")

    def buttons(self, notification: Locator) -> list[str]:
        return notification.locator(".monaco-button").all_inner_texts()

    @property
    def dialog(self) -> Locator:
        return self.page.locator(".monaco-dialog-box")

    def status(self) -> list[str]:
        return self.page.locator(".statusbar-item").all_inner_texts()

    def language_status(self) -> Locator:
        """What is said of the language of the file on show, kept open by the pointer."""
        shown = self.page.locator(".hover-language-status")
        item = self.page.locator(r"#status\.languageStatus")

        def opened() -> bool:
            self.page.mouse.move(600, 300)
            item.hover()
            with contextlib.suppress(Exception):
                shown.first.wait_for(timeout=3000)
            return shown.first.is_visible()

        self.until(opened)
        return shown

    def clipboard(self) -> str:
        """What was copied last."""
        self.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        return str(self.page.evaluate("navigator.clipboard.readText()"))

    def view(self, title: str) -> None:
        """Show a container of the activity bar."""
        item = self.page.locator(f'.activitybar .action-label[aria-label^="{title}"]').first
        item.click()
        self.page.locator(".sidebar .composite.title", has_text=re.compile(title, re.I)).wait_for()

    def tree(self, section: str | None = None) -> Locator:
        """The rows of the trees in the side bar, or of one of its sections."""
        panes = self.page.locator(".sidebar .pane")
        if section is not None:
            panes = panes.filter(has=self.page.locator(".pane-header", has_text=section))
        return panes.locator(".monaco-list-row")

    def expand(self, row: Locator) -> None:
        row.locator(".monaco-tl-twistie").click()

    def active_tab(self) -> str:
        return squeezed(self.page.locator(".tab.active").first.inner_text()).replace(" ", "")

    @property
    def webview(self) -> FrameLocator:
        """What the webview on show holds."""
        outer = self.page.frame_locator("iframe.webview.ready")
        return outer.frame_locator("iframe#active-frame")

    def output(self) -> str:
        """What the Output panel shows."""
        rows = self.page.locator(".part.panel .view-line")
        return squeezed(" ".join(rows.all_inner_texts()))

    def terminal(self) -> str:
        """What the terminal on show says."""
        return squeezed(" ".join(self.page.locator(".xterm-rows > div").all_inner_texts()))

    # Looking

    def until(self, asked: Callable[[], object], seconds: float = SECONDS) -> object:
        """Ask until the answer is true; the answer."""
        deadline = time.monotonic() + seconds
        while not (answer := asked()):
            if time.monotonic() > deadline:
                raise AssertionError(f"in {seconds} s it did not come to that: {asked}")
            self.page.wait_for_timeout(100)
        return answer

    def until_equal(self, asked: Callable[[], object], wanted: object) -> None:
        """Ask until the answer is what it should be; what it was at last, if it never is."""
        try:
            self.until(lambda: asked() == wanted)
        except AssertionError:
            assert asked() == wanted

    def picture(self, name: str) -> None:
        """Keep what is on show, if this run makes the pictures of the documentation."""
        if self.pictures is not None:
            self.page.mouse.move(600, 784)  # where nothing says what the pointer is on
            self.page.wait_for_timeout(700)  # for what is faded in
            self.page.screenshot(path=self.pictures / f"{name}.png")


def squeezed(text: str) -> str:
    """In one line."""
    return " ".join(text.replace("\xa0", " ").split())
