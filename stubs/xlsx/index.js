// danfo asks for `xlsx`, whose npm releases carry known high advisories. This stand-in loads, and says what to do when used.
const refuse = () => {
  throw new Error(
    "Reading or writing Excel through danfo is off in carbonbook: save the sheet as CSV and use carbonbook/io's open().",
  );
};
module.exports = new Proxy(
  {},
  { get: (_target, name) => (name === "__esModule" ? false : refuse) },
);
