#!/usr/bin/env python3
"""Writes constraints.json: what the official API models say of lengths, ranges, patterns and enums of input, which the JavaScript clients
leave out. Needs botocore (any boto3 or AWS CLI brings it): python3 packages/wire/scripts/extract-constraints.py

A service has `inputs` (operation -> shape) and `shapes` (name -> min, max, pattern, enum; f: it has a decimal point; m: members, l: item,
k and v: key and value, by shape). Shapes that say nothing, however deep, are left out. SQS and S3 check in words of their own.
"""
import json
import pathlib

from botocore.loaders import Loader

SERVICES = {
    "apigateway": "apigateway",
    "dynamodb": "dynamodb",
    "dynamodbstreams": "dynamodbstreams",
    "events": "events",
    "iam": "iam",
    "kinesis": "kinesis",
    "lambda": "lambda",
    "logs": "logs",
    "scheduler": "scheduler",
    "sts": "sts",
}
OWN = ("min", "max", "pattern", "enum")


def extract(model):
    shapes = model["shapes"]

    def says(name, trail):
        """Whether the shape, or anything in it, has a constraint."""
        if name in trail:
            return False
        shape = shapes[name]
        return any(key in shape for key in OWN) or any(says(one, trail | {name}) for one in parts(shape))

    def parts(shape):
        kind = shape["type"]
        if kind == "structure":
            return [member["shape"] for member in shape["members"].values()]
        if kind == "list":
            return [shape["member"]["shape"]]
        if kind == "map":
            return [shape["key"]["shape"], shape["value"]["shape"]]
        return []

    kept = {}

    def keep(name):
        if name in kept or not says(name, frozenset()):
            return
        shape = shapes[name]
        out = kept[name] = {key: shape[key] for key in OWN if key in shape}
        kind = shape["type"]
        if kind in ("float", "double"):
            out["f"] = 1
        elif kind == "structure":
            out["m"] = {
                name: member["shape"] for name, member in shape["members"].items() if says(member["shape"], frozenset())
            }
        elif kind == "list" and says(shape["member"]["shape"], frozenset()):
            out["l"] = shape["member"]["shape"]
        elif kind == "map":
            for key, part in (("k", "key"), ("v", "value")):
                if says(shape[part]["shape"], frozenset()):
                    out[key] = shape[part]["shape"]
        for part in parts(shape):
            keep(part)

    inputs = {}
    for name, operation in model["operations"].items():
        if "input" not in operation:
            continue
        root = operation["input"]["shape"]
        keep(root)
        if root in kept:
            inputs[name] = root
    return {"inputs": inputs, "shapes": dict(sorted(kept.items()))}


def main():
    loader = Loader()
    table = {
        service: extract(loader.load_service_model(name, "service-2")) for service, name in sorted(SERVICES.items())
    }
    lines = [
        f"{json.dumps(service)}:{json.dumps(model, ensure_ascii=True, separators=(',', ':'))}"
        for service, model in table.items()
    ]
    path = pathlib.Path(__file__).with_name("constraints.json")
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")


main()
