"""What a reader of a page gets: its words, part by part."""

from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br", "img", "hr"}


class Words(HTMLParser):
    """The text content of the element with this id, and of nothing else."""

    def __init__(self, element: str):
        super().__init__()
        self.element, self.depth, self.text = element, 0, []

    def handle_starttag(self, tag, attrs):
        if self.depth or dict(attrs).get("id") == self.element:
            self.depth += tag not in VOID

    def handle_startendtag(self, tag, attrs):
        """Opens and closes nothing."""

    def handle_endtag(self, tag):
        self.depth -= bool(self.depth)

    def handle_data(self, data):
        if self.depth:
            self.text.append(data)


def words_in(response, element: str) -> str:
    parser = Words(element)
    parser.feed(response.content.decode())
    return "".join(parser.text)


def text_of(response) -> str:
    return words_in(response, "main")
