"""What an operator needs: probes, metrics, the doctor, checks at start. Nothing here is about Channels."""
