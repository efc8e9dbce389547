"""The one owner of asynchronous work: connect, catch up, send, presence."""
