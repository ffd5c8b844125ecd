"""Runs a Python function over the Lambda Runtime API.

AWS_LAMBDA_RUNTIME_API is the path of a Unix socket, or host:port.
Behaviour, error payloads and log lines follow AWS's managed Python runtimes:
https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
https://docs.aws.amazon.com/lambda/latest/dg/python-context.html
https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
"""

import datetime
import decimal
import importlib
import json
import logging
import os
import socket
import sys
import time
import traceback
import types

API = "/2018-06-01/runtime/"
NBSP = "\u00a0"


class Fault(Exception):
    """What the runtime, not the handler, reports."""

    def __init__(self, error_type, message, trace=None):
        super().__init__(message)
        self.error_type = error_type
        self.message = message
        self.trace = trace or []


class RuntimeApi:
    """A keep-alive HTTP/1.1 connection to the Runtime API, small and without the costs of http.client."""

    def __init__(self, environ):
        address = environ["AWS_LAMBDA_RUNTIME_API"]
        if "/" in address:
            self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self.sock.connect(address)
        else:
            host, port = address.rsplit(":", 1)
            self.sock = socket.create_connection((host, int(port)))
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.settimeout(None)
        self.buffer = b""

    def call(self, method, path, body=b"", headers=()):
        lines = [f"{method} {API}{path} HTTP/1.1", "Host: runtime", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers]
        self.sock.sendall("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
        return self._read()

    def _read(self):
        while b"\r\n\r\n" not in self.buffer:
            self._fill()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        status_line, *lines = head.decode("latin-1").split("\r\n")
        headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        length = int(headers.get("content-length", 0))
        while len(self.buffer) < length:
            self._fill()
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        return int(status_line.split(" ", 2)[1]), headers, body

    def _fill(self):
        chunk = self.sock.recv(1 << 18)
        if not chunk:
            os._exit(1)
        self.buffer += chunk


class CognitoIdentity:
    __slots__ = ("cognito_identity_id", "cognito_identity_pool_id")

    def __init__(self, fields):
        self.cognito_identity_id = fields.get("cognitoIdentityId")
        self.cognito_identity_pool_id = fields.get("cognitoIdentityPoolId")

    def __repr__(self):
        return (
            f"CognitoIdentity([cognito_identity_id={self.cognito_identity_id},"
            f"cognito_identity_pool_id={self.cognito_identity_pool_id}])"
        )


class Client:
    __slots__ = ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name")


class ClientContext:
    __slots__ = ("custom", "env", "client")

    def __init__(self, fields):
        self.client = None
        if fields.get("client") is not None:
            self.client = Client()
            for name in Client.__slots__:
                setattr(self.client, name, fields["client"].get(name))
        self.custom = fields.get("custom")
        self.env = fields.get("env")


class LambdaContext:
    """https://docs.aws.amazon.com/lambda/latest/dg/python-context.html"""

    def __init__(self, headers, clock):
        environ = os.environ
        self.aws_request_id = headers["lambda-runtime-aws-request-id"]
        self.function_name = environ.get("AWS_LAMBDA_FUNCTION_NAME")
        self.function_version = environ.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.memory_limit_in_mb = environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.log_group_name = environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.invoked_function_arn = headers.get("lambda-runtime-invoked-function-arn")
        self.tenant_id = headers.get("lambda-runtime-aws-tenant-id")
        client_context = headers.get("lambda-runtime-client-context")
        self.client_context = ClientContext(json.loads(client_context)) if client_context else None
        self.identity = CognitoIdentity(json.loads(headers.get("lambda-runtime-cognito-identity") or "{}"))
        self._deadline_ms = int(headers.get("lambda-runtime-deadline-ms", 0))
        self._clock = clock

    def get_remaining_time_in_millis(self):
        return max(0, int(self._deadline_ms - self._clock() * 1000))

    def log(self, message):
        sys.stdout.write(message if isinstance(message, str) else str(message))
        sys.stdout.flush()

    def __repr__(self):
        return f"LambdaContext([aws_request_id={self.aws_request_id},function_name={self.function_name}])"


# Logging ------------------------------------------------------------------------------------------------------------


class RequestFilter(logging.Filter):
    request_id = ""

    def filter(self, record):
        record.aws_request_id = RequestFilter.request_id
        return True


class TextFormatter(logging.Formatter):
    converter = time.gmtime

    def __init__(self):
        super().__init__("[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n", "%Y-%m-%dT%H:%M:%S")


STANDARD_RECORD_KEYS = frozenset(vars(logging.LogRecord("", 0, "", 0, "", (), None))) | {"message", "asctime", "aws_request_id"}


class JsonFormatter(logging.Formatter):
    converter = time.gmtime

    def format(self, record):
        line = {
            "timestamp": self.formatTime(record, "%Y-%m-%dT%H:%M:%SZ"),
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["errorType"] = record.exc_info[0].__name__
            line["errorMessage"] = str(record.exc_info[1])
            line["stackTrace"] = traceback.format_tb(record.exc_info[2])
            line["location"] = f"{record.pathname}:{record.funcName}:{record.lineno}"
        if RequestFilter.request_id:
            line["requestId"] = RequestFilter.request_id
        for key, value in vars(record).items():
            if key not in STANDARD_RECORD_KEYS and key not in line:
                line[key] = value
        return json.dumps(line, ensure_ascii=False, default=str) + "\n"


class StdoutHandler(logging.Handler):
    def emit(self, record):
        sys.stdout.write(self.format(record))
        sys.stdout.flush()


JSON_LEVELS = {"TRACE": logging.NOTSET, "DEBUG": logging.DEBUG, "INFO": logging.INFO, "WARN": logging.WARNING, "ERROR": logging.ERROR, "FATAL": logging.CRITICAL}


def set_up_logging():
    is_json = os.environ.get("AWS_LAMBDA_LOG_FORMAT") == "JSON"
    handler = StdoutHandler()
    handler.setFormatter(JsonFormatter() if is_json else TextFormatter())
    handler.addFilter(RequestFilter())
    root = logging.getLogger()
    root.addHandler(handler)
    if is_json:
        root.setLevel(JSON_LEVELS.get(os.environ.get("AWS_LAMBDA_LOG_LEVEL", "INFO"), logging.INFO))
    return is_json


def log_error(error, is_json):
    """An uncaught error as the managed runtimes print it: one entry, its lines indented by no-break spaces."""
    if is_json:
        line = {
            "timestamp": datetime.datetime.fromtimestamp(time.time(), datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "log_level": "ERROR",
            **error,
        }
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    else:
        lines = [f"[ERROR] {error['errorType']}: {error['errorMessage']}" if error["errorType"] else f"[ERROR] {error['errorMessage']}"]
        lines.append("Traceback (most recent call last):")
        for entry in error["stackTrace"]:
            for line in entry.splitlines():
                stripped = line.lstrip(" ")
                lines.append(NBSP * (len(line) - len(stripped)) + stripped)
        sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


# Handler ------------------------------------------------------------------------------------------------------------


def load_handler(text):
    try:
        module_name, function_name = text.rsplit(".", 1)
    except ValueError as error:
        raise Fault("Runtime.MalformedHandlerName", f"Bad handler '{text}': {error}") from None
    module_path = module_name.replace("/", ".")
    if module_path.split(".")[0] in sys.builtin_module_names:
        raise Fault("Runtime.BuiltInModuleConflict", f"Cannot use built-in module {module_name} as a handler module")
    try:
        module = importlib.import_module(module_path)
    except ImportError as error:
        raise Fault("Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}") from None
    except SyntaxError as error:
        raise Fault(
            "Runtime.UserCodeSyntaxError",
            f"Syntax error in module '{module_name}': {error}",
            [f'  File "{error.filename}" Line {error.lineno}\n    {error.text}'],
        ) from None
    try:
        return getattr(module, function_name)
    except AttributeError:
        raise Fault("Runtime.HandlerNotFound", f"Handler '{function_name}' missing on module '{module_name}'") from None


class PlainEncoder(json.JSONEncoder):
    def default(self, value):
        if isinstance(value, decimal.Decimal):
            return int(value) if value == value.to_integral_value() and "." not in str(value) else float(value)
        return super().default(value)


def to_error(error, request_id, own_frames):
    if isinstance(error, Fault):
        fields = {"errorMessage": error.message, "errorType": error.error_type}
        trace = error.trace
    else:
        fields = {"errorMessage": str(error), "errorType": type(error).__name__}
        frames = traceback.extract_tb(error.__traceback__)
        trace = traceback.format_list(frames[own_frames:])
    return {**fields, "requestId": request_id, "stackTrace": trace}


def serialise(result):
    try:
        return json.dumps(result, cls=PlainEncoder, ensure_ascii=False, allow_nan=True).encode("utf-8", "surrogatepass")
    except Exception as error:
        raise Fault("Runtime.MarshalError", f"Unable to marshal response: {error}") from None


# Time ---------------------------------------------------------------------------------------------------------------


def install_virtual_time():
    """With TRIPLINE_VIRTUAL_TIME set, time.time and datetime.now show the simulator's clock, as of the start of the invocation."""
    real = time.time
    state = {"offset": 0.0}

    def set_now(now_ms):
        state["offset"] = now_ms / 1000 - real()

    def now():
        return real() + state["offset"]

    time.time = now
    time.time_ns = lambda: int(now() * 1e9)
    base_date, base_datetime = datetime.date, datetime.datetime

    class VirtualDatetime(base_datetime):
        @classmethod
        def now(cls, tz=None):
            return cls.fromtimestamp(now(), tz)

        @classmethod
        def utcnow(cls):
            return cls.fromtimestamp(now(), datetime.timezone.utc).replace(tzinfo=None)

        @classmethod
        def today(cls):
            return cls.fromtimestamp(now())

    class VirtualDate(base_date):
        @classmethod
        def today(cls):
            return cls.fromtimestamp(now())

    datetime.datetime, datetime.date = VirtualDatetime, VirtualDate
    return set_now


def main():
    environ = os.environ
    set_now = install_virtual_time() if environ.pop("TRIPLINE_VIRTUAL_TIME", None) else None
    api = RuntimeApi(environ)
    is_json = set_up_logging()
    task_root = environ.get("LAMBDA_TASK_ROOT", os.getcwd())
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    # The script's own folder is no place to import from.
    sys.path[:] = [entry for entry in sys.path if os.path.realpath(entry or ".") != os.path.dirname(os.path.realpath(__file__))]
    sys.path[:0] = [task_root, "/opt/python", f"/opt/python/lib/{version}/site-packages"]
    sys.modules["__main__"] = types.ModuleType("__main__")

    try:
        handler = load_handler(environ.get("_HANDLER", ""))
    except BaseException as error:  # whatever stops the import is reported, SystemExit too
        if isinstance(error, SystemExit):
            raise
        payload = to_error(error, "", own_frames=4)
        log_error(payload, is_json)
        api.call("POST", "init/error", json.dumps(payload, ensure_ascii=False).encode(), error_headers(payload))
        sys.exit(1)

    while True:
        _, headers, body = api.call("GET", "invocation/next")
        request_id = headers["lambda-runtime-aws-request-id"]
        RequestFilter.request_id = request_id
        trace_id = headers.get("lambda-runtime-trace-id")
        if trace_id:
            environ["_X_AMZN_TRACE_ID"] = trace_id
        else:
            environ.pop("_X_AMZN_TRACE_ID", None)
        now_ms = headers.get("tripline-now-ms")
        if set_now and now_ms:
            set_now(float(now_ms))
        try:
            try:
                event = json.loads(body)
            except ValueError as error:
                raise Fault("Runtime.UnmarshalError", f"Unable to unmarshal input: {error}") from None
            result = serialise(handler(event, LambdaContext(headers, time.time)))
        except Exception as error:
            payload = to_error(error, request_id, own_frames=1)
            log_error(payload, is_json)
            sys.stdout.flush()
            sys.stderr.flush()
            api.call("POST", f"invocation/{request_id}/error", json.dumps(payload, ensure_ascii=False).encode("utf-8", "surrogatepass"), error_headers(payload))
        else:
            sys.stdout.flush()
            sys.stderr.flush()
            api.call("POST", f"invocation/{request_id}/response", result)


def error_headers(payload):
    error_type = payload["errorType"] or "Unhandled"
    return [("Lambda-Runtime-Function-Error-Type", error_type), ("Content-Type", "application/json")]


if __name__ == "__main__":
    main()
