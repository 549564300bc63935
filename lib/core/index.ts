/**
 * core: what every room stands on. Errors with a stable tag, arrays with a shape, constants with
 * their source, CF calendars, seeded random numbers and the memory of kernels. Imports no other room.
 */
export * from "./array.js";
export * from "./calendar.js";
export * from "./constants.js";
export * from "./errors.js";
export * from "./kernelmemory.js";
export * from "./random.js";
