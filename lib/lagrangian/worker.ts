/** What a worker thread runs. */

export { advanceSpan } from "./span.js";
