"""What assistants use that speak the Model Context Protocol: who is let in, the tools, searching, reading, asking.

The SDK is imported with the first request of a process: who never gets one does without the memory that it takes.
"""
