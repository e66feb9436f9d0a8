"""Reads what evtxexport -f xml prints, tolerantly: it prints characters XML does not allow, and stops in the middle.

An event is a list of (name, text), one pair for every attribute (but namespaces) and for every element that has text or
has neither children nor attributes. Names follow docs: System `Tag` and `Tag_Attribute`, `<Data Name="X">` by X, the rest
by its own name.
"""
import re

EVENT = re.compile(r"^<Event .*?^</Event>$", re.S | re.M)
TAG = re.compile(r"<(/?)([A-Za-z_][\w.:-]*)((?:\s+[\w.:-]+=\"[^\"]*\")*)\s*(/?)>")
ATTRIBUTE = re.compile(r"([\w.:-]+)=\"([^\"]*)\"")
ENTITY = re.compile(r"&(amp|lt|gt|quot|apos);")
ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


def plain(text):
    return ENTITY.sub(lambda match: ENTITIES[match.group(1)], text)


def documents(output):
    """The events of the output, in order; what stands between them is of no interest."""
    return EVENT.findall(output)


def is_namespace(name):
    return name == "xmlns" or name.startswith("xmlns:")


class Element:
    def __init__(self, tag, attributes):
        self.tag, self.attributes, self.children, self.text = tag, attributes, [], []


def parse(document):
    """The tree of one event. Raises ValueError when the tags do not fit together."""
    top = Element("", [])
    stack, at = [top], 0
    for match in TAG.finditer(document):
        stack[-1].text.append(plain(document[at:match.start()]))
        at = match.end()
        closes, tag, attributes, is_empty = match.groups()
        if closes:
            if stack[-1].tag != tag:
                raise ValueError("</%s> ends <%s>" % (tag, stack[-1].tag))
            stack.pop()
            continue
        element = Element(tag, [(name, plain(text)) for name, text in ATTRIBUTE.findall(attributes)
                                if not is_namespace(name)])
        stack[-1].children.append(element)
        if not is_empty:
            stack.append(element)
    if len(stack) != 1 or len(top.children) != 1:
        raise ValueError("not one element")
    return top.children[0]
