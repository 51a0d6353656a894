"""What a process says about itself: its log, its metrics, the ids of requests, its name."""
