"""How guests choose the name under which they speak: by `/name Ada`, or by the form beside the room."""
