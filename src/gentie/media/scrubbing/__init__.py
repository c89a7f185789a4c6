"""The program that looks inside what people upload: `python -m gentie.media.scrubbing`.

It is started for one file, says what the bytes are (`sniffing`), puts itself behind `walls`, and
writes derivatives that share nothing with the original but what is seen and heard. Only
`adapters.scrubber` starts it; nothing here is imported by the serving process.
"""
