/**
 * jupyter: the wire. Messages of the Jupyter protocol 5.4, their signature and frames, connection
 * files, and the ZeroMQ sockets of client and kernel. What the messages mean is the business of the rooms
 * above: `kernel` answers them, `notebook` asks.
 */
export * from "./channel.js";
export * from "./client.js";
export * from "./connection.js";
export * from "./message.js";
export * from "./server.js";
