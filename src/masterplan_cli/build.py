"""Building: render what was checked. What `cli` calls, and what a test calls without it."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from masterplan_cli import git
from masterplan_cli.blocks import Context, render_book
from masterplan_cli.cache.results import Inputs, keep_blocks, kept_blocks
from masterplan_cli.cache.store import Store
from masterplan_cli.checking import Checked, check, diagnose, diagnostics_of, rows
from masterplan_cli.diagnostics import Diagnostic, Finding, Place, Severity
from masterplan_cli.document import Document
from masterplan_cli.formats import FORMATS
from masterplan_cli.leaving import scratch_folder
from masterplan_cli.messages import STOPPED, Language
from masterplan_cli.plan import MASTERPLAN, Book, Plan
from masterplan_cli.project import TEMPLATES, Project
from masterplan_cli.rules.tool import TEMPLATE_FAILED, no_room
from masterplan_cli.template_errors import attempt
from masterplan_cli.templates import Templates
from masterplan_cli.tree import Trees
from masterplan_cli.worker import Bounds, Stopped, work
from masterplan_cli.writers import Job, Request, Writer, Written
from masterplan_cli.writers.html import HtmlBlocks

#: The word of `--book` for every book of the plan.
ALL = "all"
#: A file that takes a larger part of the store is not kept: a few versions of it would push all else out.
_SHARE = 1 / 32


@dataclass
class Built:
    """The files of a build and what they warn of, and why a format has none."""

    files: dict[str, bytes] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        return any(d.severity is Severity.ERROR for d in self.diagnostics)


@dataclass(frozen=True)
class Order:
    """What a build shall make: books, in their own formats or in these, with a date; `draft` despite errors.

    The templates of an `untrusted` plan are ignored.
    """

    books: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    date: datetime.date | None = None
    draft: bool = False
    untrusted: bool = False

    def as_data(self) -> dict[str, Any]:
        """The same as plain data, for `of_data`."""
        return {**asdict(self), "date": self.date.isoformat() if self.date else None}

    @staticmethod
    def of_data(data: dict[str, Any]) -> Order:
        date = datetime.date.fromisoformat(data["date"]) if data["date"] else None
        books, agencies, formats = (tuple(data[name]) for name in ("books", "agencies", "formats"))
        return Order(books, agencies, formats, date, data["draft"], data["untrusted"])

    def books_of(self, plan: Plan) -> list[Book]:
        """The books that are asked for; nothing said, the one masterplan document."""
        ids = self.books or (() if self.agencies else (MASTERPLAN,))
        named = plan.all_books if ALL in ids else {}
        named = named | {id_: plan.books[id_] for id_ in ids if id_ != ALL}
        excerpts = [plan.excerpt(plan.agencies[id_]) for id_ in dict.fromkeys(self.agencies)]
        return [*named.values(), *excerpts]


#: Told of each step when it begins: what is made, and of which book.
Progress = Callable[[str, str], None]


def build(
    checked: Checked,
    order: Order,
    progress: Progress = lambda _form, _book: None,
    store: Store | None = None,
) -> Built:
    """Make every file that is asked for; what a `store` has need not be made again.

    A template that fails leaves none; a format that fails leaves the others.
    """
    plan = checked.plan
    if plan is None or (checked.failed and not order.draft):
        return Built()
    if Templates(plan.project).own:
        return _build_apart(checked, order, progress, store)
    return _build_here(checked, order, progress, store)


def _build_here(
    checked: Checked,
    order: Order,
    progress: Progress,
    store: Store | None,
    at_work: Callable[[str], None] = lambda _template: None,
) -> Built:
    plan = checked.plan
    assert plan is not None  # noqa: S101 - it was checked
    context = Context(order.date, order.draft and checked.failed, checked.diagnostics, at_work=at_work)
    production = _Production(plan, context, order, progress, store)
    written, findings = attempt(production.templates, production.make)
    findings += written.findings if written else ()
    found = diagnose(checked.project, plan, findings, checked.language)
    return Built(dict(written.files) if written else {}, found)


# --- a plan with templates of its own, which may loop or grow without end

_TASK = "masterplan_cli.build:build_task"


def bounds_of(plan: Plan, order: Order) -> Bounds:
    """What a build with a plan's own templates may take: four times what the shipped ones take here, and room to begin."""
    files, books = len(plan.project.parsed), len(order.books_of(plan))
    pictures = plan.assets.size_of_pictures
    return Bounds(
        20 + 0.15 * files * books,
        (640 << 20) + (2 << 20) * files + 8 * pictures,
        (64 << 20) + ((2 << 20) * files + 6 * pictures) * books,
    )


def _build_apart(checked: Checked, order: Order, progress: Progress, store: Store | None) -> Built:
    """Build in a worker, which checks the plan for itself."""
    plan = checked.plan
    assert plan is not None  # noqa: S101 - it was checked
    request = {
        "root": str(checked.project.root),
        "language": checked.language.value,
        "order": order.as_data(),
        "store": store.place if store else None,
        "trials": plan.assets.trials.known,
    }
    try:
        with scratch_folder() as folder:
            request |= {"scratch": folder, "folder": folder}
            result = work(_TASK, request, bounds_of(plan, order), lambda at: _tell(progress, at))
            if not isinstance(result, Stopped):
                names, found = result
                files = {name: Path(folder, str(n)).read_bytes() for n, name in enumerate(names)}
                return Built(dict(files), diagnostics_of(found))
        finding = _stopped(Templates(plan.project), result)
    except OSError as error:
        finding = no_room(error)
    return Built(diagnostics=diagnose(checked.project, plan, [finding], checked.language))


def build_task(request: dict[str, Any], at_work: Callable[[Any], None]) -> list[Any]:
    """Build as a worker: the names of the files, which stand in the folder by their numbers, and what was found."""
    from masterplan_cli.pictures.trial import Trials

    store = Store(request["store"]) if request["store"] else None
    order = Order.of_data(request["order"])
    language = Language(request["language"])
    trials = Trials(store, request["trials"])
    root = Path(request["root"])
    checked = check(root, language, store=store, trials=trials, untrusted=order.untrusted)
    if checked.plan is None or (checked.failed and not order.draft):
        return [[], rows(checked.diagnostics)]  # it has changed meanwhile
    built = _build_here(checked, order, lambda form, book: at_work([form, book]), store, at_work=at_work)
    for number, data in enumerate(built.files.values()):
        with (Path(request["folder"]) / str(number)).open("wb") as stream:
            stream.write(data)
    if store:
        store.flush()
    return [list(built.files), rows(built.diagnostics)]


def _tell(progress: Progress, at: Any) -> None:
    if isinstance(at, list):
        progress(*at)


def _stopped(templates: Templates, stopped: Stopped) -> Finding:
    """Why a worker was ended, at the template that was at work; another one of the plan's own where it is shipped."""
    at = f"{TEMPLATES}/{stopped.at}"
    path = at if at in templates.own else templates.own[0]
    place = Place(path, span=templates.project.located[path].source.whole_line(1))
    if stopped.why == "output":  # what was at work last need not be what made it so large
        return TEMPLATE_FAILED.at(place, "output")
    return TEMPLATE_FAILED.at(place, "stopped", how=STOPPED[stopped.why], template=stopped.at or path)


class _Production:
    """Makes the files of one build."""

    def __init__(
        self, plan: Plan, context: Context, order: Order, progress: Progress, store: Store | None
    ) -> None:
        self.plan, self.context, self.order, self.progress = plan, context, order, progress
        self.store = store or Store(None)
        self.templates = Templates(plan.project)
        self.documents: dict[str, Document] = {}
        #: The HTML of books that are wanted in no other form.
        self.html: dict[str, HtmlBlocks] = {}
        #: The trees of books, for formats that are built of them.
        self.trees: dict[str, Trees] = {}
        #: The plan as data is the same in every book: it is made once.
        self.data: dict[tuple[str, str | None], Written] = {}
        #: What takes long, by book and format: in the end it is kept.
        self.jobs: dict[tuple[str, str], Job] = {}

    def make(self) -> Written:
        """The files in the order of the books and of their formats, whichever is ready first."""
        books = self.order.books_of(self.plan)
        self._render(books)
        made: dict[tuple[str, str], Written | Future[Written]] = {}
        wanted = [(book, form) for book in books for form in self._formats(book)]
        with ThreadPoolExecutor(max_workers=1) as beside:
            for book, form in sorted(wanted, key=lambda one: not FORMATS[one[1]].beside):
                self.progress(form, book.id)
                made[book.id, form] = self._one(book, form, beside)
            done = [self._done(book, form, made[book.id, form]) for book, form in wanted]
        self._keep_html()
        files = {path: data for part in done for path, data in part.files.items()}
        return Written(files, tuple(finding for part in done for finding in part.findings))

    def _formats(self, book: Book) -> list[str]:
        return list(dict.fromkeys(self.order.formats or book.outputs))

    # --- books

    def _render(self, books: list[Book]) -> None:
        """The documents of the books that are made of one."""
        inputs = Inputs(self.plan, self.context.diagnostics)
        for book in books:
            wanted = {form for form in self._formats(book) if FORMATS[form].of == "book"}
            if wanted:
                self.progress("book", book.id)
                self.documents[book.id] = self._document(book, wanted, inputs)

    def _document(self, book: Book, wanted: set[str], inputs: Inputs) -> Document:
        """A document; where all that is wanted of it is made of the same, each block becomes that at once."""
        given = (self.plan, book, self.context, self.templates)
        if wanted == {"html"}:
            html = self.html[book.id] = HtmlBlocks(kept_blocks(self.store, self._name_of(book.id)))
            return render_book(*given, html.take, inputs.of_block)
        trees = self.trees[book.id] = Trees()
        return render_book(*given, trees.take if wanted <= {"docx", "pdf"} else None)

    def _keep_html(self) -> None:
        for id_, html in self.html.items():
            keep_blocks(self.store, self._name_of(id_), html.fresh, html.keys)

    def _name_of(self, book: str) -> str:
        return f"{self.plan.project.root} {book}"

    # --- formats

    def _one(self, book: Book, form: str, beside: Executor) -> Written | Future[Written]:
        """The files of a book in a format, or those on their way."""
        if FORMATS[form].of != "book":
            return self._data(form, book)
        made = self._written(form, book, self.documents[book.id])
        if isinstance(made, Written):
            return made
        if (data := self.store.get(made.key)) is not None:
            return made.done(data)
        self.jobs[book.id, form] = made
        return beside.submit(made.make) if FORMATS[form].beside else made.make()

    def _data(self, form: str, book: Book) -> Written:
        agency = book.agency if FORMATS[form].of == "part" else None
        key = form, agency.id if agency else None
        if key not in self.data:
            of = self.plan.excerpt(agency) if agency else self.plan.books[MASTERPLAN]
            made = self._written(form, of, None)
            self.data[key] = made if isinstance(made, Written) else made.make()
        return self.data[key]

    def _written(self, form: str, book: Book, document: Document | None) -> Written | Job:
        """What the format's writer makes; its libraries, which may be heavy, are loaded now."""
        write: Writer = import_module(f"masterplan_cli.writers.{FORMATS[form].writer}").write
        context, whole = self.context, self.plan.books[MASTERPLAN]
        return write(
            Request(
                self.plan,
                book,
                self.templates,
                context.date,
                context.draft,
                context.diagnostics,
                self.store,
                lambda other: self._data(other, whole).files,
                document,
                self.html.get(book.id),
                self.trees.get(book.id),
            )
        )

    def _done(self, book: Book, form: str, part: Written | Future[Written]) -> Written:
        if isinstance(part, Future):
            if not part.done():
                self.progress(form, book.id)
            part = part.result()
        data = next(iter(part.files.values()), None)
        job = self.jobs.get((book.id, form))
        if job and data and len(data) <= self.store.limit * _SHARE:
            self.store.put({job.key: data})
        return part


def book_date(given: str | None) -> datetime.date | None:
    """The date that was asked for the book: the one given, else `SOURCE_DATE_EPOCH`; `ValueError` if it does not read."""
    if given:
        return datetime.date.fromisoformat(given)
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date() if epoch else None
    except (ValueError, OverflowError, OSError):
        raise ValueError(f"SOURCE_DATE_EPOCH={epoch[:40]}") from None


def commit_day(project: Project) -> datetime.date | None:
    """The day of the last commit, which dates a book that was asked for without a date."""
    day = git.last_commit_day(project.root)
    return datetime.date.fromisoformat(day) if day else None
