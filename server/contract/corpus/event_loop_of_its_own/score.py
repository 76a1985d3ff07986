import asyncio
import json


async def fetch(value):
    await asyncio.sleep(0.001)
    return value + 1


async def gather(values):
    return await asyncio.gather(*(fetch(value) for value in values))


def init():
    pass


def run(raw_data):
    return asyncio.run(gather(json.loads(raw_data)))
