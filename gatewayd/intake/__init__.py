"""What monitoring systems say, turned into reports. Pure: bytes in, reports or an `IntakeError` out."""
