"""boto3's own waiters and paginators against the local cloud; prints one line of JSON with what they found."""

import json
import sys

import boto3

endpoint = sys.argv[1]
session = boto3.Session("AKIDLOCAL", "local", region_name="us-east-1")
ecs, ecr, logs, events, sns, dynamodb = (
    session.client(name, endpoint_url=endpoint)
    for name in ("ecs", "ecr", "logs", "events", "sns", "dynamodb")
)
CLUSTER = "app-prod"
NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-12345678"]}}
found = {}


def wait(client, name, **arguments):
    client.get_waiter(name).wait(WaiterConfig={"Delay": 1, "MaxAttempts": 60}, **arguments)


def pages(client, operation, member, **arguments):
    paginator = client.get_paginator(operation)
    return [
        item
        for page in paginator.paginate(PaginationConfig={"PageSize": 2}, **arguments)
        for item in page.get(member, [])
    ]


def run_task(family):
    answer = ecs.run_task(
        cluster=CLUSTER,
        taskDefinition=family,
        launchType="FARGATE",
        networkConfiguration=NETWORK,
        overrides={"containerOverrides": [{"name": "migrate", "command": ["true"]}]} if family == "db-migrate" else {},
    )
    return answer["tasks"][0]["taskArn"]


for name in ("one", "two", "three"):
    ecs.create_service(
        cluster=CLUSTER,
        serviceName=name,
        taskDefinition="web-app",
        desiredCount=1,
        launchType="FARGATE",
        networkConfiguration=NETWORK,
    )
wait(ecs, "services_stable", cluster=CLUSTER, services=["one", "two", "three"])
found["services"] = pages(ecs, "list_services", "serviceArns", cluster=CLUSTER)
found["tasks"] = pages(ecs, "list_tasks", "taskArns", cluster=CLUSTER)
found["families"] = pages(ecs, "list_task_definition_families", "families")
found["revisions"] = pages(ecs, "list_task_definitions", "taskDefinitionArns")
found["clusters"] = pages(ecs, "list_clusters", "clusterArns")

running = run_task("web-app")
wait(ecs, "tasks_running", cluster=CLUSTER, tasks=[running])
ecs.stop_task(cluster=CLUSTER, task=running)
ended = run_task("db-migrate")
wait(ecs, "tasks_stopped", cluster=CLUSTER, tasks=[running, ended])
found["stopped"] = [
    task["stopCode"] for task in ecs.describe_tasks(cluster=CLUSTER, tasks=[running, ended])["tasks"]
]

for name in ("one", "two", "three"):
    ecs.delete_service(cluster=CLUSTER, service=name, force=True)
wait(ecs, "services_inactive", cluster=CLUSTER, services=["one", "two", "three"])

for name in ("aa", "bb", "cc"):
    ecr.create_repository(repositoryName=name)
found["repositories"] = [r["repositoryName"] for r in pages(ecr, "describe_repositories", "repositories")]
found["images"] = len(pages(ecr, "list_images", "imageIds", repositoryName="web-app"))
found["imageDetails"] = len(pages(ecr, "describe_images", "imageDetails", repositoryName="web-app"))
for name in ("/one", "/two", "/three"):
    logs.create_log_group(logGroupName=name)
found["groups"] = len(logs.describe_log_groups(logGroupNamePrefix="/")["logGroups"])
found["rules"] = len(events.list_rules()["Rules"])
found["topics"] = sns.publish(
    TopicArn=next(iter(sns.get_paginator("list_topics").paginate()))["Topics"][0]["TopicArn"], Message="hello"
)["MessageId"] != ""
found["tables"] = pages(dynamodb, "list_tables", "TableNames")
try:
    ecs.execute_command(cluster=CLUSTER, task=ended, command="sh", interactive=True)
except ecs.exceptions.ClientError as error:
    found["executeCommand"] = error.response["Error"]
print(json.dumps(found))
