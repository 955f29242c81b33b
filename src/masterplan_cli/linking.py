"""Linking: every file read into the node that it is, and every id turned into the thing that it names."""

from __future__ import annotations

from collections import Counter
from typing import Generic, NamedTuple, TypedDict

from masterplan_cli import schema
from masterplan_cli.diagnostics import Finding
from masterplan_cli.file_rules import UNKNOWN_TAXONOMY
from masterplan_cli.files import PLAN_FILE
from masterplan_cli.markdown import Prose
from masterplan_cli.messages import Language
from masterplan_cli.nodes import Agency, Chapter, Model, Pillar, Program, Root
from masterplan_cli.plan import Plan
from masterplan_cli.project import Project
from masterplan_cli.source import Source
from masterplan_cli.taxonomy import Taxonomy, shipped_taxonomies
from masterplan_cli.values import Period
from masterplan_cli.yaml_reader import Value, parse_yaml_file


class Nodes(NamedTuple):
    """The nodes of all files; the plan's own and its taxonomy are None where they cannot be understood."""

    root: Root | None
    taxonomy: Taxonomy | None
    agencies: dict[str, Agency]
    pillars: list[Pillar]
    chapters: list[Chapter]


def link(project: Project) -> tuple[Plan | None, list[Finding]]:
    """Shape every file and link them; the plan is None when its own file cannot be understood."""
    nodes, findings = read_nodes(project)
    if nodes.root is None or nodes.taxonomy is None:
        return None, findings
    plan = Plan(
        nodes.root.data, nodes.root, nodes.taxonomy, project, nodes.agencies, nodes.pillars, nodes.chapters
    )
    _connect(plan)
    return plan, findings


def read_nodes(project: Project) -> tuple[Nodes, list[Finding]]:
    """Shape every file by itself, however the others are."""
    linker = _Linker(project)
    return linker.nodes(), linker.findings


class _Said(Generic[Model], TypedDict):
    """What one file says, as the fields of its node."""

    path: str
    data: Model
    value: dict[str, Value]
    shaped: schema.Shaped[Model] | None
    prose: Prose | None


class _Linker:
    """Builds the nodes; whatever it meets on the way goes to `findings`."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.findings: list[Finding] = []
        self.period: Period | None = None

    def nodes(self) -> Nodes:
        root = self._root()
        self.period = root.data.period if root else None
        agencies = {path_id(p): self._agency(p) for p in self.project.under("agencies")}
        chapters = [self._chapter(p) for p in self.project.under("chapters")]
        taxonomy = self._taxonomy(root) if root else None
        language = Language(root.data.language) if root else Language.ID
        pillars = self._pillars(taxonomy, language)
        chapters.sort(key=lambda chapter: (chapter.data.order, chapter.id))
        return Nodes(root, taxonomy, agencies, pillars, chapters)

    def _root(self) -> Root | None:
        """The plan's own file; None when it lacks what nothing can stand in for."""
        value = self.project.parsed[PLAN_FILE].value
        if value is None:
            return None
        shaped = self._shape(schema.Masterplan, PLAN_FILE, value, {})
        return Root("masterplan", PLAN_FILE, shaped.data, value, shaped, None) if shaped.data else None

    def _shape(
        self, model: type[Model], path: str, value: dict[str, Value], stand_in: dict[str, str]
    ) -> schema.Shaped[Model]:
        shaped = schema.shape(model, value, path, stand_in, self.period)
        self.findings += shaped.findings
        return shaped

    def _said(self, model: type[Model], path: str, stand_in: dict[str, str]) -> _Said[Model]:
        """What a file says; `stand_in` fills what it must say but does not."""
        parsed = self.project.parsed.get(path)
        value = parsed.value if parsed else None
        shaped = self._shape(model, path, value, stand_in) if value is not None else None
        prose = self.project.prose.get(path)
        if shaped is None or shaped.data is None:
            owner = parsed.owner if parsed and "owner" in model.model_fields else None
            if owner and f"agencies/{owner}.yaml" in self.project.parsed:
                stand_in = {**stand_in, "owner": owner}
            data = model.model_validate(stand_in)
            return {"path": path, "data": data, "value": value or {}, "shaped": None, "prose": prose}
        return {"path": path, "data": shaped.data, "value": value or {}, "shaped": shaped, "prose": prose}

    def _agency(self, path: str) -> Agency:
        id_ = path_id(path)
        return Agency(id_, **self._said(schema.Agency, path, {"name": id_}))

    def _chapter(self, path: str) -> Chapter:
        id_ = path_id(path)
        return Chapter(id_, **self._said(schema.Chapter, path, {"title": id_}))

    def _taxonomy(self, root: Root) -> Taxonomy | None:
        name = root.data.taxonomy
        shipped = shipped_taxonomies()
        if name in shipped:
            return Taxonomy.model_validate(parse_yaml_file(Source(name, shipped[name])).value)
        parsed = self.project.parsed.get(name)
        if parsed is None:
            self.findings.append(
                UNKNOWN_TAXONOMY.at(root.at("taxonomy"), name=name, known=", ".join(shipped))
            )
            return None
        if parsed.value is None:
            return None
        shaped = self._shape(Taxonomy, name, parsed.value, {})
        return None if shaped.findings else shaped.data

    def _pillars(self, taxonomy: Taxonomy | None, language: Language) -> list[Pillar]:
        order = list(taxonomy.by_id) if taxonomy else []
        folders = self.project.pillar_folders
        ids = [i for i in order if i in folders] + [f for f in folders if f not in order]
        return [self._pillar(id_, taxonomy, language) for id_ in ids]

    def _pillar(self, id_: str, taxonomy: Taxonomy | None, language: Language) -> Pillar:
        path = f"pillars/{id_}/pillar.md"
        term = taxonomy.by_id.get(id_) if taxonomy else None
        said = self._said(schema.Pillar, path, {"title": term.name.of(language) if term else id_})
        exists = path in self.project.parsed
        pillar = Pillar(id_, **said, term=term, language=language, exists=exists)
        for member in self.project.under(f"pillars/{id_}"):
            stem = path_id(member)
            if stem != "pillar":
                program = self._said(schema.Program, member, {"title": stem})
                pillar.programs.append(Program(f"{id_}/{stem}", **program, pillar=pillar))
        rank = {term.id: place for place, term in enumerate(term.subdimensions if term else ())}
        pillar.programs.sort(key=lambda p: (rank.get(p.data.subdimension or "", len(rank)), p.id))
        return pillar


def path_id(path: str) -> str:
    """The id that a file has by its name."""
    return path.rpartition("/")[2].rpartition(".")[0]


def _tell_apart(programs: list[Program]) -> None:
    """Name the owners of programs that share their title, and the ids of those that share their owner as well."""
    titles = Counter(program.title.casefold() for program in programs)
    owned = Counter((program.title.casefold(), program.owner) for program in programs)
    for program in programs:
        if titles[program.title.casefold()] > 1:
            alone = program.owner and owned[program.title.casefold(), program.owner] == 1
            program.apart = program.owner.short if program.owner and alone else program.id


def _connect(plan: Plan) -> None:
    """Turn ids into the things they name; an unknown id is left out, for a rule to report."""
    for pillar in plan.pillars:
        pillar.owner = plan.agencies.get(pillar.data.owner or "")
        if pillar.owner:
            pillar.owner.pillars.append(pillar)
    for program in plan.programs:
        program.owner = plan.agencies.get(program.data.owner or "")
        if program.owner:
            program.owner.owned.append(program)
        for id_ in dict.fromkeys(program.data.supporting):
            if agency := plan.agencies.get(id_):
                program.supporting.append(agency)
                agency.supported.append(program)
        for id_ in dict.fromkeys(program.data.depends_on):
            if needed := plan.by_id.get(id_):
                program.depends_on.append(needed)
                needed.needed_by.append(program)
    _tell_apart(plan.programs)
