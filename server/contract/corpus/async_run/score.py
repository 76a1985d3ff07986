import asyncio
import json


def init():
    global value
    value = 3


async def run(raw_data):
    await asyncio.sleep(0)
    return value + json.loads(raw_data)
