// Several features, one middleware.
import type { Middleware } from "vscode-languageclient/node";

/** Both; an error if they have the same hook, since one would be silently lost. */
export function joined(one: Middleware, other: Middleware): Middleware {
  const { workspace: ours = {}, ...hooks } = one;
  const { workspace: theirs = {}, ...others } = other;
  return {
    ...disjoint(hooks, others),
    workspace: disjoint(ours, theirs),
  } as Middleware;
}

function disjoint(one: object, other: object): object {
  const both = Object.keys(one).filter((name) => name in other);
  if (both.length > 0) {
    throw new Error(`more than one feature hooks into ${both.join(", ")}`);
  }
  return { ...one, ...other };
}
