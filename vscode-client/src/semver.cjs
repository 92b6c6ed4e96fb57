// Stands in for the package semver, a twentieth of the bundle. The language client asks it one
// thing: whether VS Code is new enough. VS Code has answered that before it loads us, by `engines`
// in package.json; test/engine.test.ts compares the two.
function stands() {
  return true;
}

module.exports = stands;
