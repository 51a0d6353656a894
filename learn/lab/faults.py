"""The ten faults: what is asked, what happens, and the lines of the product that heal it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    slug: str
    name: str
    icon: str
    place: str  # of the fault in the picture: line, layer, server, writer
    told: str  # in the picture
    question: str
    answers: tuple[str, ...]
    right: int  # which of them
    verdict: str
    tutorial: str
    product: str
    file: str  # what heals it
    line: str  # a part of the line
    before: int = 2  # lines shown
    after: int = 4


NOTHING_TELLS = "None, and nothing tells him."
_LOST = ("All of them, a little late", "None of them", "None of them, and an error message")

FAULTS = {
    fault.slug: fault
    for fault in (
        Fault(
            "cut", "Cut Bo’s line", "cloud-off", "line", "cut",
            "Bo’s line is cut while “nine”, “but” and “at” are said. What will the tutorial’s Bo hear of them?",
            _LOST, 1, NOTHING_TELLS,
            "His page connects again and joins the group again. What was said meanwhile went to a group without him. "
            "He reads a whole sentence, and it says the opposite.",
            "The page comes back with the last number that it has seen, and is sent the rest before anything new.",
            "chat/hub.py", "seq = await self._replay(subscriber, feed, after, seq)", 3, 3,
        ),
        Fault(
            "drop", "Drop the next event", "x", "layer", "one event is lost",
            "The layer loses the event of “nine” on its way to server B. What will the tutorial’s Bo hear?",
            ("All words: a layer delivers again", "All but “nine”", "Nothing more after “at”"), 1,
            "All but “nine”. A layer delivers at most once.",
            "He stays connected and sees nothing wrong. There is nothing to be seen.",
            "“but” has number 9, and the feed stands at 7. So it reads the log, and hands on 8 and 9 in order.",
            "chat/feed.py", "elif frame.first > self.last + 1:", 3, 4,
        ),
        Fault(
            "delay", "Delay it", "clock", "layer", "one event is late",
            "The event of “nine” comes to server B after the two that follow it. What does the tutorial’s Bo read?",
            ("The sentence, a moment later", "“… at but at nine ten sharp”", "The sentence without “nine”"), 1,
            "The words as they come, in the wrong order.",
            "The tutorial sends each event on as it comes.",
            "“but” shows the gap, and the log fills it at once. When “nine” comes, its number was delivered already.",
            "chat/feed.py", "if rest := frame.after(self.last):", 2, 4,
        ),
        Fault(
            "twice", "Send it twice", "copy", "layer", "one event comes twice",
            "The layer delivers the event of “nine” twice to server B. What does the tutorial’s Bo read?",
            ("“nine” once: a group has each event once", "“nine nine”", "An error"), 1,
            "“nine nine”.",
            "An event has nothing by which its reader could know that it came before.",
            "A feed stands at a number. What is not after it is dropped.",
            "chat/events.py", "if seq >= self.last:", 4, 4,
        ),
        Fault(
            "swap", "Swap it with the next", "chevrons-up-down", "layer", "two events change places",
            "On the way to server B “but” overtakes “nine”. What does the tutorial’s Bo read?",
            ("“nine but”: events have a time", "“but nine”", "Only “but”"), 1,
            "“but nine”. A layer promises no order between two publishers.",
            "Ann, on the other server, reads it in the right order, so nobody notices. The core layer sorts by time, "
            "and swaps events when the clocks of two servers differ.",
            "The number is taken in the transaction that stores the message: one order for everybody.",
            "chat/counting.py", "UPDATE chat_room SET said = CASE", 1, 3,
        ),
        Fault(
            "away", "Take the layer away", "ban", "layer", "away",
            "Redis is restarted while “nine”, “but” and “at” are said. Who hears them in the tutorial’s chat?",
            ("Ann, who is on the same server as Cy", "Both, when it is back", "Neither"), 2,
            "Neither: even on one server everything goes by the layer.",
            "group_send raises an exception in Cy’s consumer, which ends his connection. What he types meanwhile is "
            "gone.",
            "It is stored first. Ann’s server needs no layer to reach Ann. Server B finds it by the next event, or by "
            "its poll within seconds.",
            "chat/layer.py", "except Exception as error:", 5, 2,
        ),
        Fault(
            "exception", "Exception in Bo’s handler", "circle-alert", "server", "exception",
            "The handler of “nine” raises an exception in Bo’s consumer. What happens to the tutorial’s Bo?",
            ("He misses “nine” alone", "His connection ends, he misses more", "Channels calls the handler again"), 1,
            "His connection ends with the exception.",
            "His page connects again after a while, and what was said meanwhile is lost, as after a cut.",
            "His connection ends here too. He comes back with the last number that he has seen.",
            "chat/subscriber.py", "if rest := frame.after(self.seen):", 3, 4,
        ),
        Fault(
            "slow", "Bo reads slowly", "monitor", "line", "reads slowly",
            "Bo’s phone stops reading for six words. The layer keeps two events for him here (in reality 100). What "
            "will the tutorial’s Bo hear?",
            ("All of it, late", "Some of it late, the rest never", "Only the newest"), 1,
            "What fits, late. A full channel drops what comes.",
            "The in-memory and the core layer drop what is beyond capacity and tell nobody. Pub/sub has no bound at "
            "all: there the server’s memory fills.",
            "What waits for a slow client is bounded too, but it is cut off with 4408 and comes back with its number.",
            "chat/subscriber.py", "if self.waiting > max(BACKLOG_MAX", 1, 3,
        ),
        Fault(
            "ack", "Cut before the answer", "reply", "writer", "no answer",
            "“nine” is said, and Cy’s line breaks before he sees it. So it is sent once more. What do the tutorial’s "
            "readers see?",
            ("“nine” once", "“nine nine”", "Neither"), 1,
            "“nine nine”: nobody can know that it is the same.",
            "Without an answer Cy cannot know whether it arrived. Whatever he does is wrong in one of the two cases.",
            "The page sends it again under the same client_id. The second one stores nothing, and is answered with "
            "the number of the first.",
            "chat/verbs.py", "if first := batch.said_before(room, self.client_id):", 1, 3,
        ),
        Fault(
            "death", "Server B dies", "log-out", "server", "killed",
            "Server B is killed. Bo’s page finds server A three words later. What will the tutorial’s Bo hear of them?",
            _LOST, 1, NOTHING_TELLS,
            "What server B had in memory for him is gone, and nobody else knows what he has seen.",
            "What he has seen is a number in his browser, and the log is the database. Any server can go on from "
            "there.",
            "chat/hub.py", "head, can_replay = await self._log.standing(feed.room, after)", 3, 2,
        ),
    )
}  # fmt: skip
