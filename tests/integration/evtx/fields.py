"""From a tree of elements to (name, text) pairs, and the same from a line of `iiswarden events`."""

SECTIONS = ("System", "EventData", "UserData", "RenderingInfo")


def own_text(element):
    """Text of an element; the blanks that lay out its children are not text."""
    text = "".join(element.text)
    return "" if element.children and not text.strip() else text


def of_tree(event):
    """(name, text) of every attribute with a value and of every element that is a leaf."""
    found = []
    if event.tag != "Event":
        raise ValueError("root element " + event.tag)
    walk = [(child, child.tag, True) for child in reversed(event.children)]
    while walk:
        element, section, is_section = walk.pop()
        attributes = [pair for pair in element.attributes if pair[1] != ""]
        is_data = not is_section and section != "System" and element.tag in ("Data", "ComplexData")
        name = element.tag
        if is_data:
            named = [text for key, text in attributes if key == "Name"]
            attributes = [pair for pair in attributes if pair[0] != "Name"]
            name = named[0] if named else "Data"
        for key, text in attributes:
            alone = section == "UserData" and not is_section and not is_data
            found.append((key if alone else element.tag + "_" + key, text))
        text = own_text(element)
        is_structure = is_section and section in SECTIONS
        if text != "" and not (is_structure and not text.strip()):
            found.append((name, text))
        elif not (element.children or is_structure or section == "System" or (attributes and not is_data)):
            found.append((name, ""))
        walk.extend((child, section, False) for child in reversed(element.children))
    return found


def of_line(event):
    """The same pairs from a parsed line of NDJSON."""
    found = []
    for key, value in event["fields"].items():
        for prefix in ("UserData.", "EventData.", "RenderingInfo."):
            if key.startswith(prefix):
                key = key[len(prefix):]
        for item in value if isinstance(value, list) else [value]:
            found.append((key, str(item)))
    return found
