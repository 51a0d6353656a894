import asyncio


class Writer:
    """What waits while a transaction runs is stored by the next one, together.

    `commit` stores a list of messages in one transaction and returns their numbers. A
    consumer awaits `submit(message)`, and then sends the number to the one who asked.
    """

    def __init__(self, commit):
        self.commit = commit
        self.waiting = []
        self.running = None

    def submit(self, message):
        answer = asyncio.get_running_loop().create_future()
        self.waiting.append((message, answer))
        if self.running is None or self.running.done():
            self.running = asyncio.create_task(self.run())
        return answer

    async def run(self):
        while self.waiting:
            batch, self.waiting = self.waiting, []
            try:
                numbers = await self.commit([message for message, _ in batch])
            except Exception as error:
                for _, answer in batch:
                    if not answer.done():
                        answer.set_exception(error)
                continue
            for (_, answer), number in zip(batch, numbers, strict=True):
                if not answer.done():
                    answer.set_result(number)
