// A cheap look for Celery. It may see what is none; then the server starts and finds nothing.

/** Characters of a text that are looked at: where imports are, and then some. */
export const LOOKED_AT = 200_000;

/** Files of a folder's root that say what a project depends on. */
export const DEPENDENCY_FILES =
  "{pyproject.toml,requirements*.txt,requirements*.in,requirements/*.txt,requirements/*.in,Pipfile,setup.cfg,setup.py,celeryls.toml}";

/** Whether Python source may have to do with Celery. */
export function pythonMentionsCelery(text: string): boolean {
  return /\bcelery|\bshared_task\b/i.test(text.slice(0, LOOKED_AT));
}

/** Whether a file of dependencies names Celery or what brings it, or is our own configuration. */
export function dependenciesMentionCelery(name: string, text: string): boolean {
  return name === "celeryls.toml" || /\bcelery|\[tool\.celeryls/i.test(text.slice(0, LOOKED_AT));
}
