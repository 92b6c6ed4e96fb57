// The HTML of the graph's page.  Knows no editor.
import { styles, THEME } from "./svg";

export interface PageParts {
  nonce: string;
  script: string;
  /** The texts' own, for who reads them aloud. */
  language: string;
  /** The texts of this language by the English ones, for the script. */
  bundle: Readonly<Record<string, unknown>>;
  texts: {
    title: string;
    filter: string;
    save: string;
    fit: string;
    zoomIn: string;
    zoomOut: string;
    help: string;
    legend: [string, string][];
  };
}

/** Nothing from anywhere: one script and the styles of this page, by a nonce each time new. */
export function pageHtml({ nonce, script, language, bundle, texts }: PageParts): string {
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}';`;
  const legend = texts.legend
    .map(([kind, text]) => {
      const line = `<path d="M1 5 H27" marker-end="url(#arrow${kind === "then" ? "-then" : ""})"/>`;
      return `<span><svg class="edge ${kind}" width="30" height="10" aria-hidden="true">${line}</svg> ${html(text)}</span>`;
    })
    .join("");
  return `<!DOCTYPE html>
<html lang="${html(language)}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1.0">
<title>${html(texts.title)}</title>
<style nonce="${nonce}">${PAGE}${styles(THEME, "var(--vscode-font-family)")}</style>
</head>
<body>
<header>
<input id="filter" type="search" placeholder="${html(texts.filter)}" aria-label="${html(texts.filter)}">
<button id="out" title="${html(texts.zoomOut)} (-)" aria-label="${html(texts.zoomOut)}">−</button>
<button id="in" title="${html(texts.zoomIn)} (+)" aria-label="${html(texts.zoomIn)}">+</button>
<button id="fit" title="${html(texts.fit)} (0)">${html(texts.fit)}</button>
<button id="save">${html(texts.save)}</button>
<span class="legend">${legend}</span>
</header>
<main id="canvas" data-texts="${html(JSON.stringify(bundle))}"><svg id="graph" role="group" aria-label="${html(texts.title)}" aria-describedby="help"></svg></main>
<p id="message" role="status" hidden></p>
<p id="help">${html(texts.help)}</p>
<script nonce="${nonce}" src="${html(script)}"></script>
</body>
</html>
`;
}

const PAGE = `
html, body { height: 100%; margin: 0; padding: 0; overflow: hidden; }
body { display: flex; flex-direction: column; color: var(--vscode-editor-foreground);
  background: var(--vscode-editor-background); font: 13px var(--vscode-font-family); }
header { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; padding: 6px 12px;
  border-bottom: 1px solid var(--vscode-panel-border, transparent); }
input { flex: 0 1 240px; padding: 4px 6px; font: inherit; color: var(--vscode-input-foreground);
  background: var(--vscode-input-background);
  border: 1px solid var(--vscode-input-border, transparent); }
input::placeholder { color: var(--vscode-input-placeholderForeground); }
button { padding: 4px 10px; font: inherit; cursor: pointer;
  color: var(--vscode-button-secondaryForeground);
  background: var(--vscode-button-secondaryBackground); border: 1px solid transparent; }
button:hover { background: var(--vscode-button-secondaryHoverBackground); }
input:focus, button:focus { outline: 1px solid var(--vscode-focusBorder); }
.legend { display: flex; flex-wrap: wrap; gap: 14px; margin-left: auto; font-size: 11px;
  color: var(--vscode-descriptionForeground); }
main { flex: 1; overflow: hidden; cursor: grab; }
main.dragging { cursor: grabbing; }
main svg { width: 100%; height: 100%; display: block; }
#message { position: absolute; top: 40%; width: 100%; text-align: center;
  color: var(--vscode-descriptionForeground); }
#help { margin: 0; padding: 4px 12px; font-size: 11px; color: var(--vscode-descriptionForeground); }
svg.edge path { fill: none; stroke: var(--vscode-descriptionForeground); stroke-width: 1.3; }
svg.edge.calls path { stroke-dasharray: 2 3; }
svg.edge.runs path { stroke-dasharray: 7 4; }
svg.edge.then path { stroke: ${THEME.chain}; stroke-width: 2; }
`;

function html(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
