"""How much is taken. Sizes are in bytes, and a megabyte has 1024 × 1024 of them.

Each limit names where it comes from: the *service* that the bytes are sent to (docs/images.md and docs/sonar.md,
"Attachments"), or *ourselves*, because one small machine has to decode and send what people attach.
"""

MEGABYTE = 1024 * 1024

# The service.
MOST_PICTURE_BYTES = 20 * MEGABYTE
"""One picture as it is sent. The vendor's first documentation says 20 MB, a later one 50; 20 is always right."""

MOST_FILE_BYTES = 50 * MEGABYTE
"""One document as it is sent."""

MOST_PARTS = 30
"""Pictures and documents in one request. Said of documents; pictures are held to it too."""

# Ourselves.
MOST_UPLOAD_BYTES = 50 * MEGABYTE
"""One upload, whatever it is. A picture between this and what is sent is offered a smaller copy."""

MOST_TOGETHER_BYTES = 60 * MEGABYTE
"""All that goes with one request: as base64 in JSON it grows by a third, and is held in memory while it is sent."""

MOST_AGENT_BYTES = 22 * MEGABYTE
"""The same for the Agent API, whose body has 32 MiB at most, words included (docs/agent.md, "Attachments")."""

MOST_ATTACHMENTS = 10
"""What one question can have."""

MOST_PIXELS = 50_000_000
"""Width × height of one picture: what telephones take, and 191 MB once decoded."""

MOST_HEIC_PIXELS = 36_000_000
"""The same for a HEIC, whose decoder has the picture in its own colours beside ours."""

MOST_WEBP_PIXELS = 12_000_000
"""The same for a WEBP, whose decoder has four copies of it at once: 4000 × 3000."""

LONGEST_SIDE = 16_384
"""Pixels: more than this is no photograph, and more than JPEG and WEBP were made for."""

MOST_FRAMES = 500
"""Pictures in an animation."""

MOST_ANIMATED_PIXELS = 300_000_000
"""Width × height × pictures of an animation, which are decoded one after another."""

MOST_DIRECTORY_BYTES = 4 * MEGABYTE
"""The list of contents of a zipped document, which is read whole."""

MOST_UNPACKED_BYTES = 500 * MEGABYTE
"""What a zipped document says that it holds. It is never unpacked here, but it is where it is sent."""

SMALLER_SIDE = 2048
"""Pixels: the longest side of a smaller copy."""

THUMBNAIL_SIDE = 320
"""Pixels: twice what a tile measures, for fine displays."""

# The text of documents, which is read in a process of its own.
MOST_PAGES = 2_000
"""Pages, slides or sheets that are read of one document."""

MOST_TEXT = 4_000_000
"""Characters that are read of one document: two thousand full pages."""

MOST_XML_BYTES = 200 * MEGABYTE
"""What the parts of an office document that are text unpack to."""

MOST_READING_CPU = 20
"""Seconds of computing after which reading ends with what it has."""

MOST_READING_TIME = 45
"""Seconds after which it ends, whatever it waits for."""

MOST_SPACE_TEXT = 10_000_000
"""Characters that are read of one document of a space: two thousand pages of the densest print."""

MOST_SPACE_READING_CPU = 120
"""Seconds of computing for a document of a space, which nobody waits for: two thousand pages at a slow page each
sixteenth of a second."""

MOST_SPACE_READING_TIME = 240
"""Seconds for a document of a space, whatever it waits for."""

# What strangers' bytes are opened in: a process of its own for each picture and each document.
MOST_JUDGING_MEMORY = 214 * MEGABYTE
"""What one may take beyond the 22 MB that the process has from the start: 250 million bytes are never reached. A
picture of 50 million pixels has 191 MB once it is decoded, and is never held twice."""

MOST_JUDGING_CPU = 40
"""Seconds of computing that one picture may take."""

MOST_JUDGING_TIME = 60
"""Seconds that one picture may take, whatever it waits for."""
