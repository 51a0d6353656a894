from channels.generic.websocket import AsyncWebsocketConsumer

GROUP = "members-only"


class Vault:  # for show: in truth a row of the database, which all processes see
    members = {"ada", "bob"}
    access = 0  # rises with each removal, in the same transaction


class MembersConsumer(AsyncWebsocketConsumer):
    """A group for its members alone, and what it takes to remove one.

    A group lets in every channel that is added, so ask before that. And it cannot put
    anybody out: their channel is known to their own consumer alone, maybe in another
    process. So each event carries a number that rises with each removal. Who was let
    in under another number asks again before they pass the event on.
    """

    async def connect(self):
        # For show: in truth scope["user"], never what an address says.
        self.name = self.scope["url_route"]["kwargs"]["name"]
        await self.accept()  # else the code would not arrive
        if await self.is_member():
            await self.channel_layer.group_add(GROUP, self.channel_name)
            await self.send(text_data=f"you are {self.name}")

    async def disconnect(self, close_code):
        await self.channel_layer.group_discard(GROUP, self.channel_name)

    async def receive(self, text_data=None, bytes_data=None):
        if not await self.is_member():
            return
        if self.name == "ada" and text_data == "remove bob":
            Vault.members.discard("bob")
            Vault.access += 1
        elif self.name == "ada" and text_data == "add bob":
            Vault.members.add("bob")
        text = f"{self.name}: {text_data}"
        event = {"type": "vault.said", "text": text, "access": Vault.access}
        await self.channel_layer.group_send(GROUP, event)

    async def vault_said(self, event):
        # What was said before the removal may still be heard, nothing after it: also
        # if the removal's own event was lost. While nothing changes nobody is asked.
        if event["access"] == self.access or await self.is_member():
            await self.send(text_data=event["text"])

    async def is_member(self):
        self.access = Vault.access  # with the answer, in one statement
        if self.name in Vault.members:
            return True
        await self.close(code=4403)
        return False
