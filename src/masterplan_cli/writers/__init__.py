"""Writers: a document, or the plan itself, as the bytes of a format."""
