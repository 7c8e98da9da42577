"""Plain addresses beside the page: downloads made on request, and the upload; nothing goes to a temporary folder."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from urllib.parse import quote, unquote

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from graph.model import EntityId, EntityType
from graph.selection import Selection, select
from search.model import Answer
from ui.addresses import read_plan
from ui.drawing import draw_answer, draw_neighbourhood
from ui.formats import FORMATS, ending_of, write_selection
from ui.overview import charts
from ui.rendering import table_to_csv, visible
from ui.rendering_table import answer_table
from ui.rendering_word import answer_to_word
from ui.service import Knowledge, Workspace
from ui.web_boundary import KNOWN, report_bug

MAX_CHAIN = 5
NEIGHBOURS = 2_000
CHUNK = 1 << 16
MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "zip": "application/zip",
    "csv": "text/csv; charset=utf-8",
}


def attachment(data: bytes, name: str) -> Response:
    """A download under a Chinese file name; never shown inside the page."""
    media = MEDIA.get(name.rsplit(".", 1)[-1], "application/octet-stream")
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Response(data, media_type=media, headers={"content-disposition": disposition, "cache-control": "no-store"})


def refusal(text: str, status: int = 400) -> PlainTextResponse:
    return PlainTextResponse(text, status_code=status)


def answer_chain(knowledge: Knowledge, questions: list[str], plan: str = "") -> Answer | None:
    """The answer to the last question, each resting on the one before; None where there is no question.

    Where conditions were changed by hand, `plan` (as JSON) is carried out instead.
    """
    if plan and questions:
        return knowledge.ask_plan(read_plan(plan), question=questions[-1])
    answer = None
    for question in questions[:MAX_CHAIN]:
        answer = knowledge.ask(question, previous=answer)
    return answer


def say_failure(_: Request, err: Exception) -> Response:
    """A failure of a download as a Chinese sentence: known ones with what to do, our bugs with a number."""
    if isinstance(err, KNOWN):
        return refusal("。".join(filter(None, (err.reason, err.advice))))
    return refusal(report_bug("download"), 500)


def select_part(knowledge: Knowledge, questions: list[str], entity_id: str, plan: str = "") -> Selection:
    """What an export holds: an answer's part, an entity and its neighbours, or everything."""
    version = knowledge.info().version
    if questions:
        answer = answer_chain(knowledge, questions, plan)
        if answer is not None:
            drawing = draw_answer(knowledge, answer, limit=NEIGHBOURS)
            return select(f"回答：{visible(answer.question)[:60]}", drawing.entities, drawing.edges, version=version)
    if entity_id:
        drawing = draw_neighbourhood(knowledge, EntityId(entity_id), limit=NEIGHBOURS)
        label = drawing.entities[0].label if drawing.entities else "（不存在）"
        return select(f"{visible(label)[:60]}及其邻居", drawing.entities, drawing.edges, version=version)
    entities = [entity for kind in EntityType for entity in knowledge.of_type(kind)]
    edges = {edge.id: edge for entity in entities for edge in knowledge.edges(entity.id)}
    return select("整个图谱", entities, edges.values(), version=version)


def word_report(knowledge: Knowledge, questions: list[str], plan: str) -> Response:
    """The answer as a Word file."""
    answer = answer_chain(knowledge, questions, plan)
    if answer is None:
        return refusal("Word 报告只用于回答：请先提问，再把范围选为“最近一个回答”。")
    return attachment(answer_to_word(knowledge, answer), "查询结果.docx")


def build_routes(workspace: Workspace, *, today: Callable[[], str]) -> APIRouter:
    """The addresses under kgdata/. `today` gives the ISO date for manifests."""
    router = APIRouter(prefix="/kgdata")

    @router.get("/answer.csv")
    def answer_csv(request: Request) -> Response:
        params = request.query_params
        answer = answer_chain(workspace.current(), params.getlist("q"), params.get("plan", ""))
        if answer is None:
            return refusal("请先提问。")
        notes = {"问题": answer.question, "理解": answer.interpretation, "回答": answer.text}
        notes["数据版本"] = workspace.current().info().version
        return attachment(table_to_csv(answer_table(answer), notes), "查询结果.csv")

    @router.get("/overview/{name}.csv")
    def overview_csv(name: str) -> Response:
        chart = next((c for c in charts(workspace.current()) if c.name == name), None)
        if chart is None:
            return refusal("没有这张表。", 404)
        return attachment(table_to_csv(chart.table), f"{chart.table.caption}.csv")

    @router.get("/export/{name}")
    def export(name: str, request: Request) -> Response:
        params = request.query_params
        if name == "docx":
            return word_report(workspace.current(), params.getlist("q"), params.get("plan", ""))
        if name not in FORMATS:
            return refusal("没有这种格式。", 404)
        part = select_part(workspace.current(), params.getlist("q"), params.get("id", ""), params.get("plan", ""))
        return attachment(write_selection(part, name, date=today()), f"绩效图谱.{ending_of(name)}")

    @router.get("/snapshot.zip")
    def snapshot() -> Response:
        knowledge = workspace.current()
        if knowledge.folder() is None:
            return refusal("当前图谱没有存成快照。", 404)
        name = f"绩效图谱快照-{knowledge.info().version}.zip"
        headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
        return StreamingResponse(zip_snapshot(knowledge), media_type=MEDIA["zip"], headers=headers)

    @router.post("/upload")
    async def upload(request: Request) -> Response:
        if workspace.read_only:
            return refusal("本服务是只读的，不能添加文件。", 403)
        name = unquote(request.headers.get("x-filename", ""))
        if not name.strip():
            return refusal("缺少文件名。")
        data = await request.body()
        try:
            return PlainTextResponse(await run_in_threadpool(workspace.add, name, data))
        except KNOWN as err:
            return refusal("。".join(filter(None, (err.reason, err.advice))), 422)
        except Exception:  # noqa: BLE001 (the last boundary: whatever else fails is our bug and must be said)
            return refusal(report_bug("upload"), 500)

    return router


class Outlet:
    """What a ZIP is written to when it goes straight to the client: takes bytes, cannot seek."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing is open."""

    def seekable(self) -> bool:
        return False

    def seek(self, offset: int, whence: int = 0, /) -> int:
        raise OSError("not seekable")

    def drain(self) -> bytes:
        """What was written since the last call."""
        data, self.pieces = b"".join(self.pieces), []
        return data


def zip_snapshot(knowledge: Knowledge) -> Iterator[bytes]:
    """A ZIP of the snapshot's files below its own folder's name, piece by piece; nothing where it has no folder.

    It holds `knowledge` to the end: while that lives, a newer snapshot does not sweep the files away.
    """
    folder = knowledge.folder()
    if folder is None:
        return
    outlet = Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            info = zipfile.ZipInfo(file.relative_to(folder.parent).as_posix())
            info.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(info, "w", force_zip64=True) as entry, file.open("rb") as source:
                while chunk := source.read(CHUNK):
                    entry.write(chunk)
                    yield outlet.drain()
    yield outlet.drain()
