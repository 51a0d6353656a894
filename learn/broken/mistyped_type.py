from channels.generic.websocket import AsyncWebsocketConsumer


class ChatConsumer(AsyncWebsocketConsumer):
    groups = ["broken"]

    async def receive(self, text_data=None, bytes_data=None):
        event = {"type": "chat.mesage", "text": text_data}
        await self.channel_layer.group_send("broken", event)

    async def chat_message(self, event):
        await self.send(text_data=event["text"])
