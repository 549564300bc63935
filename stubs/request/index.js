// danfo asks for `request`, which is unmaintained and carries a known advisory. This stand-in loads, and says what to do when used.
const refuse = () => {
  throw new Error(
    "Reading a URL through danfo is off in carbonbook: fetch the file with `carbonbook data fetch` and open it from disk.",
  );
};
module.exports = Object.assign(refuse, { get: refuse, defaults: () => module.exports });
