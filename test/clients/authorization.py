"""Checks IAM statements against AWS's service authorization reference, as the package parliament ships it.

Reads a list of {"actions", "resources", "conditionKeys"} from standard input; prints one line of JSON: what AWS would
never allow or never use. An action that AWS has no resource type for needs "*".
"""

import json
import os
import re
import sys

import parliament

with open(os.path.join(os.path.dirname(parliament.__file__), "iam_definition.json")) as file:
    SERVICES = {service["prefix"]: service for service in json.load(file)}

# Actions that are newer than the reference in the package, with one that takes the same resources and conditions.
# Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon ECS".
NEWER = {
    "ecs:ContinueServiceDeployment": "ecs:DescribeServiceDeployments",
    "ecs:StopServiceDeployment": "ecs:DescribeServiceDeployments",
}


def pattern(arn):
    """"arn:${Partition}:ecs:…:cluster/${ClusterName}" as a regular expression over ARNs that may have wildcards."""
    parts = re.split(r"(\$\{\w+\})", arn)
    return re.compile("".join(".+" if part.startswith("${") else re.escape(part) for part in parts) + "$")


def takes(form, resource):
    """A wildcard at the end stands for further parts as well: "log-group:NAME:*" covers its log streams."""
    ends = ("", "x/x", "log-stream:x") if resource.endswith("*") else ("",)
    return any(form.match(resource[:-1] + end if end else resource) for end in ends)


def key_matches(known, key):
    return known.split("/${")[0].lower() == key.split("/")[0].lower()


def faults_of(statement):
    resources, keys = statement["resources"], statement["conditionKeys"]
    used = set()
    for action in statement["actions"]:
        prefix, name = NEWER.get(action, action).split(":")
        service = SERVICES.get(prefix)
        privilege = service and next((p for p in service["privileges"] if p["privilege"] == name), None)
        if not privilege:
            yield f"{action} does not exist"
            continue
        kinds = [kind["resource_type"].rstrip("*") for kind in privilege["resource_types"]]
        forms = [pattern(r["arn"]) for r in service["resources"] if r["resource"] in kinds]
        allowed = [r for r in resources if r == "*" or any(takes(form, r) for form in forms)]
        if not allowed:
            yield f"{action} has no effect on {resources[:2]}: it takes {[k for k in kinds if k] or '*'}"
        used.update(allowed)
        known = [key for kind in privilege["resource_types"] for key in kind["condition_keys"]]
        known += [c["condition"] for c in service["conditions"] if c["condition"] in known]
        for key in keys:
            if not key.startswith("aws:") and not any(key_matches(k, key) for k in known):
                yield f"{action} has no condition key {key}: it knows {sorted(set(known))}"
    for resource in resources:
        if resource not in used:
            yield f"{resource} is of no use to {statement['actions']}"


print(json.dumps([f"{s['role']}: {fault}" for s in json.load(sys.stdin) for fault in faults_of(s)]))
