"use strict";
/**
 * The Node.js runtime: a Runtime API client in an execution environment's process.
 *
 * It boots without knowing its function, connects to the Runtime API's Unix socket (its only argument), asks for its assignment and
 * then becomes that function: environment variables, working folder, handler.
 *
 * B1. Handlers are found and called, and their results reported, as AWS's own Node.js runtime client does.
 * B2. The socket holds the event loop open only while the runtime waits for an invocation, so that an empty loop can be seen.
 * B3. Output of `console` is written before the response is, synchronously, in Lambda's telemetry frames, so that a text of several
 *     lines stays one log event.
 * B4. Where the clock is simulated, `Date` shows the simulated time of the invocation's start, and moves on in whole seconds of real
 *     time: short handlers see the same times in every run, and a loop that waits for time to pass ends.
 */
const fs = require("node:fs");
const net = require("node:net");
const path = require("node:path");
const util = require("node:util");
const { createRequire, Module } = require("node:module");
const { pathToFileURL } = require("node:url");
// Loaded ahead of the assignment, since most handlers want them.
for (const name of ["http", "https", "crypto", "stream", "zlib", "buffer", "os", "tls", "stream/promises"])
  require(`node:${name}`);

const RealDate = Date;
const monotonic = performance.now.bind(performance);
const setImmediateNow = setImmediate;
const exit = process.exit.bind(process);

// ---------------------------------------------------------------------------------------------------------------- errors

function runtimeError(name) {
  const RuntimeError = class extends Error {};
  RuntimeError.prototype.name = `Runtime.${name}`;
  return RuntimeError;
}
const ImportModuleError = runtimeError("ImportModuleError");
const HandlerNotFound = runtimeError("HandlerNotFound");
const MalformedHandlerName = runtimeError("MalformedHandlerName");
const UserCodeSyntaxError = runtimeError("UserCodeSyntaxError");
const MalformedStreamingHandler = runtimeError("MalformedStreamingHandler");
const InvalidStreamingOperation = runtimeError("InvalidStreamingOperation");
const CallbackHandlerDeprecated = runtimeError("CallbackHandlerDeprecated");
const NodeJsExit = runtimeError("NodeJsExit");
const UnhandledPromiseRejection = class extends Error {
  constructor(reason, promise) {
    super(reason);
    this.reason = reason;
    this.promise = promise;
  }
};
UnhandledPromiseRejection.prototype.name = "Runtime.UnhandledPromiseRejection";

function looksLikeError(value) {
  return (
    value &&
    typeof value.name === "string" &&
    typeof value.message === "string" &&
    typeof value.stack === "string" &&
    value.name &&
    value.message &&
    value.stack
  );
}

const delete7F = (text) => text?.replace(/\x7F/g, "%7F");

function toErrorPayload(error) {
  try {
    if (util.types.isNativeError(error) || looksLikeError(error)) {
      return {
        errorType: delete7F(error.name),
        errorMessage: delete7F(error.message),
        trace: delete7F(error.stack).split("\n"),
      };
    }
    return { errorType: typeof error, errorMessage: error.toString(), trace: [] };
  } catch {
    return {
      errorType: "handled",
      errorMessage:
        "callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack",
    };
  }
}

function intoError(value) {
  return value instanceof Error ? value : new Error(value);
}

function formatError(error) {
  const withProperties = (_, value) => {
    if (!(value instanceof Error)) return value;
    const shown = Object.assign({ errorType: value.name, errorMessage: value.message, code: value.code }, value);
    if (typeof value.stack === "string") shown.stack = value.stack.split("\n");
    return shown;
  };
  try {
    return `\t${JSON.stringify(error, withProperties)}`;
  } catch {
    return `\t${JSON.stringify(toErrorPayload(error))}`;
  }
}

function stringifyResult(value) {
  let text;
  try {
    text = JSON.stringify(value === undefined ? null : value);
  } catch {
    throw new Error("Unable to stringify response body");
  }
  return text === undefined ? "" : text;
}

// ---------------------------------------------------------------------------------------------------------------- Runtime API client

let socket;
/** What to do with the next answer: (status, headers, body) => void. Answers come in the order of the requests. */
const expected = [];
let received = Buffer.alloc(0);

function connect(socketPath) {
  socket = net.connect(socketPath);
  socket.on("data", onData);
  socket.on("error", () => exit(1));
  socket.on("close", () => exit(1)); // The manager is gone.
}

function onData(chunk) {
  received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
  while (expected.length > 0) {
    const headEnd = received.indexOf("\r\n\r\n");
    if (headEnd < 0) return;
    const lines = received.latin1Slice(0, headEnd).split("\r\n");
    const headers = Object.create(null);
    for (let i = 1; i < lines.length; i++) {
      const colon = lines[i].indexOf(":");
      headers[lines[i].slice(0, colon).toLowerCase()] = lines[i].slice(colon + 2);
    }
    const bodyEnd = headEnd + 4 + Number(headers["content-length"] || 0);
    if (received.length < bodyEnd) {
      // A large event: gather it with one copy.
      if (bodyEnd - received.length > 65536) gather(bodyEnd);
      return;
    }
    const body = received.subarray(headEnd + 4, bodyEnd);
    received = received.subarray(bodyEnd);
    expected.shift()(Number(lines[0].slice(9, 12)), headers, body);
  }
}

function gather(length) {
  const whole = Buffer.allocUnsafe(length);
  let at = received.copy(whole);
  socket.removeListener("data", onData);
  socket.on("data", function more(chunk) {
    const taken = Math.min(chunk.length, length - at);
    chunk.copy(whole, at, 0, taken);
    at += taken;
    if (at < length) return;
    socket.removeListener("data", more);
    socket.on("data", onData);
    received = whole;
    onData(chunk.subarray(taken));
  });
}

const nextRequest = "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: runtime\r\n\r\n";

function post(urlPath, body, headers, onAnswer) {
  const text = `POST ${urlPath} HTTP/1.1\r\nHost: runtime\r\nContent-Type: application/json\r\n${headers}`;
  expected.push(onAnswer);
  socket.write(`${text}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

const nothing = () => {};
const headerSafe = (text) => String(text).replace(/[^\x20-\x7E]/g, "?");

function postError(urlPath, error, onAnswer) {
  const payload = toErrorPayload(error);
  post(
    urlPath,
    stringifyResult(payload),
    `Lambda-Runtime-Function-Error-Type: ${headerSafe(payload.errorType)}\r\n`,
    onAnswer,
  );
}

// ---------------------------------------------------------------------------------------------------------------- log

let currentRequestId;
const requestIdSymbol = Symbol.for("aws.lambda.runtime.requestId");
const structured = { logError: nothing };
const sleeper = new Int32Array(new SharedArrayBuffer(4));

function writeOut(buffer) {
  for (let at = 0; at < buffer.length;) {
    try {
      at += fs.writeSync(1, buffer, at);
    } catch (error) {
      if (error.code !== "EAGAIN") return; // Nobody reads any more.
      Atomics.wait(sleeper, 0, 0, 1);
    }
  }
}

function logFrame(mask, text, dateMs) {
  const length = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(16 + length);
  frame.writeUInt32BE((0xa55a0003 | mask) >>> 0, 0);
  frame.writeInt32BE(length, 4);
  frame.writeBigInt64BE(BigInt(dateMs) * 1000n, 8);
  frame.write(text, 16);
  writeOut(frame);
}

function logText(level, message, ...params) {
  const date = new Date();
  logFrame(
    level.mask,
    `${date.toISOString()}\t${currentRequestId}\t${level.name}\t${util.format(message, ...params)}\n`,
    date.valueOf(),
  );
}

function jsonReplacer(_, value) {
  if (!(value instanceof Error)) return value;
  return Object.assign(
    {
      errorType: value?.constructor?.name ?? "UnknownError",
      errorMessage: value.message,
      stackTrace: typeof value.stack === "string" ? value.stack.split("\n") : value.stack,
    },
    value,
  );
}

function formatJson(level, date, params) {
  const line = { timestamp: date.toISOString(), level: level.name, requestId: currentRequestId };
  if (params.length === 1) {
    line.message = params[0];
    try {
      return JSON.stringify(line, jsonReplacer);
    } catch {
      line.message = util.format(line.message);
      return JSON.stringify(line);
    }
  }
  line.message = util.format(...params);
  const error = params.find((param) => param instanceof Error);
  if (error !== undefined) {
    line.errorType = error.constructor?.name ?? "UnknownError";
    line.errorMessage = error.message;
    line.stackTrace = typeof error.stack === "string" ? error.stack.split("\n") : [];
  }
  return JSON.stringify(line);
}

function logJson(level, ...params) {
  const date = new Date();
  logFrame(level.mask, `${formatJson(level, date, params)}\n`, date.valueOf());
}

const levels = {
  TRACE: { name: "TRACE", priority: 1, mask: 4 },
  DEBUG: { name: "DEBUG", priority: 2, mask: 8 },
  INFO: { name: "INFO", priority: 3, mask: 12 },
  WARN: { name: "WARN", priority: 4, mask: 16 },
  ERROR: { name: "ERROR", priority: 5, mask: 20 },
  FATAL: { name: "FATAL", priority: 6, mask: 24 },
};

function patchConsole() {
  const json = process.env.AWS_LAMBDA_LOG_FORMAT?.toUpperCase() === "JSON";
  const log = json ? logJson : logText;
  const least = levels[process.env.AWS_LAMBDA_LOG_LEVEL?.toUpperCase()] ?? levels.TRACE;
  const at = (level) => (level.priority >= least.priority ? (...params) => log(level, ...params) : nothing);
  console.trace = at(levels.TRACE);
  console.debug = at(levels.DEBUG);
  console.info = at(levels.INFO);
  console.log = console.info;
  console.warn = at(levels.WARN);
  console.error = at(levels.ERROR);
  console.fatal = (...params) => log(levels.FATAL, ...params);
  structured.logError = json
    ? (_, error) => console.error(intoError(error))
    : (message, error) => console.error(message, formatError(intoError(error)));
}

// ---------------------------------------------------------------------------------------------------------------- simulated time (B4)

const simulated = { nowMs: 0, sinceMs: 0 };

function simulatedNow() {
  return simulated.nowMs + Math.floor((monotonic() - simulated.sinceMs) / 1000) * 1000;
}

function setSimulatedTime(nowMs) {
  simulated.nowMs = nowMs;
  simulated.sinceMs = monotonic();
}

function simulateDate(nowMs) {
  setSimulatedTime(nowMs);
  const SimulatedDate = function Date(...args) {
    if (new.target === undefined) return new RealDate(simulatedNow()).toString();
    return Reflect.construct(
      RealDate,
      args.length === 0 ? [simulatedNow()] : args,
      new.target === SimulatedDate ? RealDate : new.target,
    );
  };
  Object.defineProperties(SimulatedDate, {
    length: { value: 7, configurable: true },
    prototype: { value: RealDate.prototype, writable: false },
    now: { value: simulatedNow, writable: true, configurable: true },
    parse: { value: RealDate.parse, writable: true, configurable: true },
    UTC: { value: RealDate.UTC, writable: true, configurable: true },
  });
  Object.defineProperty(RealDate.prototype, "constructor", {
    value: SimulatedDate,
    writable: true,
    configurable: true,
  });
  globalThis.Date = SimulatedDate;
}

// ---------------------------------------------------------------------------------------------------------------- response streams

const streamingSymbol = Symbol.for("aws.lambda.runtime.handler.streaming");
const highWaterMarkSymbol = Symbol.for("aws.lambda.runtime.handler.streaming.highWaterMark");
const errorTypeTrailer = "Lambda-Runtime-Function-Error-Type";
const errorBodyTrailer = "Lambda-Runtime-Function-Error-Body";

/** A writable stream that is the chunked body of `POST …/response`. */
function createResponseStream(requestId, highWaterMark) {
  const { Writable } = require("node:stream");
  let started = false;
  let contentType = "application/octet-stream";
  let failure;
  let answered;
  const done = new Promise((resolve) => {
    answered = resolve;
  });
  const begin = () => {
    if (started) return;
    started = true;
    expected.push(() => answered());
    socket.write(
      `POST /2018-06-01/runtime/invocation/${requestId}/response HTTP/1.1\r\nHost: runtime\r\n` +
        `Lambda-Runtime-Function-Response-Mode: streaming\r\nTrailer: ${errorTypeTrailer}\r\nTrailer: ${errorBodyTrailer}\r\n` +
        `Content-Type: ${headerSafe(contentType)}\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
  };
  const send = (bytes, callback) => {
    begin();
    if (bytes.length === 0) return callback();
    socket.write(`${bytes.length.toString(16)}\r\n`);
    socket.write(bytes);
    socket.write("\r\n", callback);
  };
  const stream = new Writable({
    ...(highWaterMark === undefined ? {} : { highWaterMark }),
    write: (chunk, encoding, callback) =>
      send(typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk, callback),
    final(callback) {
      begin();
      const trailers =
        failure === undefined
          ? ""
          : `${errorTypeTrailer}: ${headerSafe(failure.errorType)}\r\n${errorBodyTrailer}: ${Buffer.from(JSON.stringify(failure)).toString("base64")}\r\n`;
      socket.write(`0\r\n${trailers}\r\n`, callback);
    },
  });
  stream.on("error", nothing); // Reported through the handler's own promise.
  let written = false;
  const write = stream.write.bind(stream);
  stream.setContentType = (type) => {
    if (written) throw new InvalidStreamingOperation("Cannot set content-type, too late.");
    contentType = type;
  };
  stream.write = (chunk, encoding, callback) => {
    if (typeof chunk !== "string" && !Buffer.isBuffer(chunk) && chunk?.constructor !== Uint8Array)
      chunk = JSON.stringify(chunk);
    if (!written) {
      written = true;
      if (typeof stream._onBeforeFirstWrite === "function") stream._onBeforeFirstWrite((first) => write(first));
    }
    return write(chunk, encoding, callback);
  };
  const end = stream.end.bind(stream);
  stream.end = (chunk, encoding, callback) => {
    if (typeof chunk === "function") return end(chunk);
    if (chunk !== undefined && chunk !== null)
      stream.write(chunk, typeof encoding === "function" ? undefined : encoding);
    return end(typeof encoding === "function" ? encoding : callback);
  };
  return {
    stream,
    done,
    fail(error) {
      failure = toErrorPayload(error);
      if (stream.destroyed && !stream.writableEnded) {
        begin();
        socket.write(
          `0\r\n${errorTypeTrailer}: ${headerSafe(failure.errorType)}\r\n${errorBodyTrailer}: ${Buffer.from(JSON.stringify(failure)).toString("base64")}\r\n\r\n`,
        );
      } else if (!stream.writableEnded) end();
    },
  };
}

const HttpResponseStream = class HttpResponseStream {
  static from(stream, prelude) {
    stream.setContentType("application/vnd.awslambda.http-integration-response");
    const text = JSON.stringify(prelude);
    stream._onBeforeFirstWrite = (write) => {
      write(text);
      write(new Uint8Array(8));
    };
    return stream;
  }
};

// ---------------------------------------------------------------------------------------------------------------- handler

function hasModuleType(folder) {
  for (;;) {
    if (folder.endsWith("/node_modules")) return false;
    const file = path.join(folder, "package.json");
    if (fs.existsSync(file)) {
      try {
        return JSON.parse(fs.readFileSync(file, "utf8"))?.type === "module";
      } catch (error) {
        console.warn(`${file} cannot be read, it will be ignored for ES module detection purposes.`, error);
        return false;
      }
    }
    const parent = path.dirname(folder);
    if (parent === folder) return false;
    folder = parent;
  }
}

async function loadModule(root, moduleRoot, name) {
  const requireFrom = createRequire(path.join(root, "index.js"));
  const file = path.resolve(root, moduleRoot, name);
  const isFile = (candidate) => fs.statSync(candidate, { throwIfNoEntry: false })?.isFile() === true;
  const tryRequire = (extension) => (isFile(file + extension) ? requireFrom(file + extension) : undefined);
  const tryImport = (extension) =>
    isFile(file + extension) ? import(pathToFileURL(file + extension).href) : undefined;
  const plain = tryRequire("");
  if (plain) return plain;
  const isModule = isFile(`${file}.js`) && hasModuleType(path.dirname(file));
  const found =
    (isModule ? await tryImport(".js") : tryRequire(".js")) || (await tryImport(".mjs")) || tryRequire(".cjs");
  if (found) return found;
  return requireFrom(requireFrom.resolve(name, { paths: [root, path.resolve(root, moduleRoot)] }));
}

async function loadHandler(root, name) {
  if (name.includes("..")) {
    throw new MalformedHandlerName(
      `'${name}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const base = path.basename(name);
  const moduleRoot = name.substring(0, name.indexOf(base));
  const match = /^([^.]*)\.(.*)$/.exec(base);
  if (match === null) throw new MalformedHandlerName("Bad handler");
  let userModule;
  try {
    userModule = await loadModule(root, moduleRoot, match[1]);
  } catch (error) {
    if (error instanceof SyntaxError) throw new UserCodeSyntaxError(error);
    if (error?.code === "MODULE_NOT_FOUND") throw new ImportModuleError(error);
    throw error;
  }
  const handler = match[2].split(".").reduce((nested, key) => nested && nested[key], userModule);
  if (!handler) throw new HandlerNotFound(`${name} is undefined or not exported`);
  if (typeof handler !== "function") throw new HandlerNotFound(`${name} is not a function`);
  return handler;
}

// ---------------------------------------------------------------------------------------------------------------- invocations

let handler;
let streaming = false;
let highWaterMark;
let onUncaught = (error, code) => postError("/2018-06-01/runtime/init/error", error, () => exit(code));
let onLoopEmpty = nothing;
let isSimulated = false;
/** The part of the context that is the same for every invocation. */
let fixedContext;
/** Set when a response was posted in this turn: the next request goes out in the same write. */

function next() {
  socket.ref(); // B2
  expected.push(onInvocation);
  socket.write(nextRequest);
}

/** Posts the response and asks for the next invocation, in one write. */
function respond(id, result) {
  const body = stringifyResult(result);
  expected.push(nothing);
  expected.push(onInvocation);
  socket.ref(); // B2
  socket.write(
    `POST /2018-06-01/runtime/invocation/${id}/response HTTP/1.1\r\nHost: runtime\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}${nextRequest}`,
  );
}

function parseHeader(text, name) {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(Buffer.from(text, "latin1").toString("utf8"));
  } catch (error) {
    throw new Error(`Cannot parse ${name} as json: ${error.toString()}`, { cause: error });
  }
}

function addContext(context, headers) {
  const trace = headers["lambda-runtime-trace-id"];
  if (trace === undefined) delete process.env._X_AMZN_TRACE_ID;
  else process.env._X_AMZN_TRACE_ID = trace;
  const deadlineMs = headers["lambda-runtime-deadline-ms"];
  Object.assign(context, fixedContext);
  context.clientContext = parseHeader(headers["lambda-runtime-client-context"], "ClientContext");
  context.identity = parseHeader(headers["lambda-runtime-cognito-identity"], "CognitoIdentity");
  context.invokedFunctionArn = headers["lambda-runtime-invoked-function-arn"];
  context.awsRequestId = headers["lambda-runtime-aws-request-id"];
  context.tenantId = headers["lambda-runtime-aws-tenant-id"];
  context.getRemainingTimeInMillis = () => deadlineMs - Date.now();
  return context;
}

function onInvocation(status, headers, body) {
  if (status !== 200) exit(1);
  socket.unref(); // B2
  if (isSimulated) setSimulatedTime(Number(headers["tripline-now-ms"]));
  const id = headers["lambda-runtime-aws-request-id"];
  currentRequestId = id;
  globalThis[requestIdSymbol] = id;
  onUncaught = (error, code) => postError(`/2018-06-01/runtime/invocation/${id}/error`, error, () => exit(code));
  if (streaming) void invokeStreaming(id, headers, body);
  else invokeBuffered(id, headers, body);
}

function invokeBuffered(id, headers, body) {
  let finished = false; // succeed, fail, done and callback: the first one wins.
  let waitForEmptyEventLoop = true;
  const fail = (error) => {
    structured.logError("Invoke Error", error);
    postError(`/2018-06-01/runtime/invocation/${id}/error`, error, nothing);
    setImmediateNow(next);
  };
  const complete = (result) => {
    respond(id, result);
  };
  const settle = (error, result) => {
    onLoopEmpty = nothing;
    if (error !== undefined && error !== null) fail(error);
    else complete(result);
  };
  // As in AWS's client, a call that throws (a result that cannot be stringified) does not count as the first.
  const first = (run) => (error, result) => {
    if (finished) return;
    run(error, result);
    finished = true;
  };
  const done = first(settle);
  const succeed = first((result) => settle(null, result));
  const failOnce = first((error) => settle(error === undefined || error === null ? "handled" : error, null));
  const callback = first((error, result) => {
    onLoopEmpty = nothing;
    if (error !== undefined && error !== null) fail(error);
    else if (!waitForEmptyEventLoop) complete(result);
    else onLoopEmpty = () => setImmediateNow(() => reportThrown(() => complete(result), fail));
  });
  const context = {
    get callbackWaitsForEmptyEventLoop() {
      return waitForEmptyEventLoop;
    },
    set callbackWaitsForEmptyEventLoop(value) {
      waitForEmptyEventLoop = value;
    },
    succeed,
    fail: failOnce,
    done,
  };
  let pending = false;
  onLoopEmpty = () => {
    onLoopEmpty = nothing;
    finished = true;
    if (!pending) return complete(null);
    const error = new NodeJsExit("a Promise that was never settled");
    structured.logError("Invoke Error", error);
    postError(`/2018-06-01/runtime/invocation/${id}/error`, error, () => exit(0));
  };
  try {
    const result = handler(JSON.parse(body.utf8Slice()), addContext(context, headers), callback);
    if (result && typeof result.then === "function") {
      pending = true;
      result.then(succeed, failOnce).catch(failOnce);
    }
  } catch (error) {
    callback(error);
  }
}

function reportThrown(run, fail) {
  try {
    run();
  } catch (error) {
    fail(error);
  }
}

async function invokeStreaming(id, headers, body) {
  let waitForEmptyEventLoop = true;
  const response = createResponseStream(id, highWaterMark);
  const context = {
    get callbackWaitsForEmptyEventLoop() {
      return waitForEmptyEventLoop;
    },
    set callbackWaitsForEmptyEventLoop(value) {
      waitForEmptyEventLoop = value;
    },
  };
  const scheduleNext = () => {
    onLoopEmpty = nothing;
    if (!waitForEmptyEventLoop) setImmediateNow(next);
    else onLoopEmpty = () => setImmediateNow(next);
  };
  const fail = (error) => {
    structured.logError("Invoke Error", error);
    response.fail(error);
    scheduleNext();
  };
  onLoopEmpty = () => {
    onLoopEmpty = nothing;
    const error = new NodeJsExit("a Promise that was never settled");
    structured.logError("Invoke Error", error);
    response.fail(error);
    void response.done.then(() => exit(0));
    socket.ref();
  };
  try {
    const result = handler(JSON.parse(body.utf8Slice()), response.stream, addContext(context, headers));
    if (!result || typeof result.then !== "function") {
      fail("Streaming does not support non-async handlers.");
      return;
    }
    if ((await result) !== undefined) console.warn("Streaming handlers ignore return values.");
    if (!response.stream.writableEnded) {
      // A stream that something still writes to (a pipe) ends later; one that nothing writes to never does.
      await new Promise((resolve) => {
        onLoopEmpty = resolve;
        response.stream.once("finish", resolve);
        response.stream.once("close", resolve);
      });
      onLoopEmpty = nothing;
      if (!response.stream.writableEnded) {
        fail("Response stream is not finished.");
        return;
      }
    }
    socket.ref();
    await response.done;
    socket.unref();
    scheduleNext();
  } catch (error) {
    fail(error);
  }
}

// ---------------------------------------------------------------------------------------------------------------- start

async function assigned(_, __, body) {
  const assignment = JSON.parse(body.utf8Slice());
  if (assignment.environment !== undefined) {
    // Without: the process was started with its variables, by a wrapper that may have changed them.
    for (const name of Object.keys(process.env)) delete process.env[name];
    Object.assign(process.env, assignment.environment);
    Module._initPaths(); // NODE_PATH
    if (assignment.environment.NODE_OPTIONS === undefined) delete process.env.NODE_OPTIONS;
  }
  process.title = "node";
  try {
    process.chdir(assignment.codeFolder);
    if (assignment.simulatedNowMs !== undefined) {
      isSimulated = true;
      simulateDate(assignment.simulatedNowMs);
    }
    patchConsole();
    fixedContext = {
      functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
      functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
      memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
      logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
      logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    };
    process.on("uncaughtException", (error) => {
      structured.logError("Uncaught Exception", error);
      onUncaught(error, 129);
    });
    process.on("unhandledRejection", (reason, promise) => {
      const error = new UnhandledPromiseRejection(reason, promise);
      structured.logError("Unhandled Promise Rejection", error);
      onUncaught(error, 128);
    });
    const noGlobal = process.env.AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA;
    if (noGlobal !== "1" && noGlobal !== "true") {
      globalThis.awslambda = {
        streamifyResponse: (wrapped, options) => {
          wrapped[streamingSymbol] = "response";
          if (typeof options?.highWaterMark === "number")
            wrapped[highWaterMarkSymbol] = parseInt(options.highWaterMark);
          return wrapped;
        },
        HttpResponseStream,
      };
    }
    handler = await loadHandler(assignment.moduleFolder ?? assignment.codeFolder, assignment.handler);
    const mode = handler[streamingSymbol];
    if (mode !== undefined && mode !== null && mode !== false) {
      if (mode !== "response") throw new MalformedStreamingHandler("Only response streaming is supported.");
      streaming = true;
      const mark = parseInt(handler[highWaterMarkSymbol]);
      highWaterMark = Number.isNaN(mark) ? undefined : mark;
    } else if (assignment.nodeMajor >= 24 && handler.length >= 3) {
      throw new CallbackHandlerDeprecated(
        "ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.",
      );
    }
  } catch (error) {
    structured.logError("Uncaught Exception", error);
    postError("/2018-06-01/runtime/init/error", error, () => exit(129));
    return;
  }
  process.on("beforeExit", () => onLoopEmpty());
  setImmediateNow(next);
}

void import("data:text/javascript,0"); // Warms the loader of ES modules.
connect(process.argv[2]);
expected.push((status, headers, body) => void assigned(status, headers, body));
socket.write("GET /tripline/assignment HTTP/1.1\r\nHost: runtime\r\n\r\n");
