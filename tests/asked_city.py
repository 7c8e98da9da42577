"""An invented city to ask about: two waters offices, five projects of two years, the documents they rest on.

Everything is printed into TEXT as it is made, so that every source is a true quote of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graph.kg import KnowledgeGraph
from graph.model import Edge, EdgeId, EdgeType, Entity, EntityId, EntityType, Passage, Source, Value
from graph.store import EmbeddedStore

FILE = "甲市绩效文件.txt"


@dataclass
class City:
    """Writes text and graph together."""

    text: str = ""
    entities: dict[str, Entity] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)

    def print(self, line: str, part: str | None = None) -> Source:
        """Write a line; the place of `part` in it (the whole line where none is given)."""
        start = len(self.text) + (line.index(part) if part else 0)
        quote = part or line
        self.text += line + "\n"
        return Source(document=FILE, start=start, end=start + len(quote), quote=quote)

    def add(
        self, entity_type: EntityType, key: str, label: str, printed: Mapping[str, tuple[str, Value]], /, **plain: Value
    ) -> Entity:
        """An entity; `printed` gives for each property its line's cell and the value read."""
        head = self.print(label)
        evidence = {name: (self.print(f"{name}：\t{cell}", cell),) for name, (cell, _) in printed.items()}
        properties = {**plain, **{name: value for name, (_, value) in printed.items()}}
        evidence |= dict.fromkeys(plain, (head,))
        entity = Entity(
            id=EntityId(f"{entity_type.value.lower()}:{key}"),
            type=entity_type,
            label=label,
            properties=properties,
            sources=(head,),
            evidence=evidence,
        )
        self.entities[key] = entity
        return entity

    def join(
        self, kind: EdgeType, source: str, target: str, line: str = "", part: str | None = None, **said: Value
    ) -> None:
        one, other = self.entities[source], self.entities[target]
        place = self.print(line or f"{one.label}—{other.label}", part)
        self.edges.append(
            Edge(
                id=EdgeId(f"edge:{kind.value}:{source}:{target}"),
                type=kind,
                source=one.id,
                target=other.id,
                properties=said,
                sources=(place,),
            )
        )

    def unit(self, key: str, name: str, *aliases: str) -> None:
        self.add(EntityType.UNIT, key, name, {}, name=name, **({"aliases": aliases} if aliases else {}))

    def policy(
        self, key: str, title: str | None, number: str | None = None, *, kind: str = "标题", **said: Value
    ) -> None:
        label = f"《{title}》（{number}）" if title and number else f"《{title}》" if title else str(number)
        plain: dict[str, Value] = {"kind": kind, **said}
        if title:
            plain["title"] = title
        if number:
            plain |= {"number": number, "number_variants": (number, *said.get("variants", ()))}  # type: ignore[misc]
        plain.pop("variants", None)
        self.add(EntityType.POLICY, key, label, {}, **plain)

    def target(self, key: str, name: str, year: int, unit: str, money: Iterable[str], **printed: str | bool) -> None:
        """A 绩效目标表: total, year's, last year's budget and execution in yuan."""
        names = ("budget_total", "budget_year", "previous_budget", "previous_executed")
        cells: dict[str, tuple[str, Value]] = {n: (f"{int(m):,}", m) for n, m in zip(names, money, strict=True)}
        cells |= {k: ("是" if v else "否", v) if isinstance(v, bool) else (v, v) for k, v in printed.items()}
        self.add(EntityType.PROJECT, key, name, cells, name=name, year=year, document_type="绩效目标表")
        self.join(EdgeType.DECLARES, unit, key, f"申报单位名称：{self.entities[unit].label}", self.entities[unit].label)

    def evaluation(
        self, key: str, name: str, year: int, units: tuple[str, str], wan: Iterable[str], **printed: str
    ) -> None:
        """A 绩效自评表: initial and adjusted budget and execution in 万元."""
        names = ("budget_initial", "budget_adjusted", "executed")
        cells: dict[str, tuple[str, Value]] = {
            n: (f"{float(w):.2f}", str(round(float(w) * 10000))) for n, w in zip(names, wan, strict=True)
        }
        cells |= {k: (v, v) for k, v in printed.items()}
        self.add(EntityType.PROJECT, key, name, cells, name=name, year=year, document_type="绩效自评表")
        self.join(EdgeType.SUPERVISES, units[0], key, f"主管部门\t{self.entities[units[0]].label}")
        self.join(EdgeType.IMPLEMENTS, units[1], key, f"实施单位\t{self.entities[units[1]].label}")

    def indicator(self, project: str, name: str, levels: tuple[str, str], target: str, **printed: str) -> None:
        key = f"{project}/{name}"
        cells: dict[str, tuple[str, Value]] = {"target_text": (target, target)}
        cells |= {k: (v, v) for k, v in printed.items()}
        label = name
        self.add(EntityType.INDICATOR, key, label, cells, level1=levels[0], level2=levels[1], level3=name)
        self.join(EdgeType.HAS_INDICATOR, project, key, f"{levels[0]}\t{levels[1]}\t{name}\t{target}")

    def cites(self, project: str, policy: str, sentence: str, written: str, *sections: str, **said: Value) -> None:
        self.join(
            EdgeType.CITES,
            project,
            policy,
            sentence,
            written,
            section=sections or ("basis",),
            surface=(written,),
            **said,
        )


def build_city() -> City:
    """The city as the tests ask about it."""
    city = City()
    city.unit("old", "甲市水利局")
    city.unit("new", "甲市水务局")
    city.unit("centre", "甲市政务信息中心")
    city.unit("station", "甲市水文总站")
    city.unit("council", "甲市人民政府")
    city.join(EdgeType.RENAMED_TO, "old", "new")
    city.policy("water", "中华人民共和国水法")
    city.policy(
        "plan",
        "甲市水系规划",
        "甲府发〔2019〕7号",
        kind="文号",
        issuer_code="甲府发",
        year=2019,
        serial="7",
        variants=("甲府法〔2019〕7号",),
    )
    city.policy("cloud", "甲市政务云管理办法", "甲市人民政府令第5号", kind="令", issuer_code="甲市人民政府", serial="5")
    city.policy("drain", "甲市排水管理规定", "甲市人民政府令第6号", kind="令", issuer_code="甲市人民政府", serial="6")
    city.policy("save", "甲市节约用水条例")
    city.policy("other", None, "甲府发〔2020〕7号", kind="文号", issuer_code="甲府发", year=2020, serial="7")
    city.join(EdgeType.ISSUED_BY, "plan", "council")
    city.target(
        "dredge21",
        "甲市河道疏浚工程专项",
        2021,
        "old",
        ("3000000", "2000000", "1500000", "1400000"),
        category="其他一次性项目",
        performance_type="基本建设工程类",
        government_procurement=True,
        start_date="2021-01-01",
        end_date="2021-12-31",
        basis="1、《中华人民共和国水法》；2、甲府发〔2019〕7号。",
    )
    city.target(
        "pumps21",
        "泵站运行维护经费",
        2021,
        "old",
        ("500000", "500000", "600000", "600000"),
        category="经常性专项业务费",
        performance_type="其他类",
        government_procurement=False,
        start_date="2021-03-01",
        end_date="2021-11-30",
    )
    city.target(
        "cloud21",
        "政务云平台(运维)",
        2021,
        "centre",
        ("800000", "800000", "800000", "780000"),
        category="经常性专项业务费",
        performance_type="信息化建设工程类",
        government_procurement=False,
        start_date="2021-02-01",
        end_date="2021-12-15",
    )
    city.evaluation(
        "dredge23",
        "甲市河道疏浚工程专项",
        2023,
        ("new", "station"),
        ("100", "120", "108"),
        execution_rate="90",
        execution_score="9",
        total_score="95.5",
        grade="优",
        expected_goals="完成十公里河道疏浚。",
    )
    city.evaluation(
        "watch23",
        "水质监测项目",
        2023,
        ("new", "station"),
        ("50", "50", "50"),
        execution_rate="100",
        execution_score="10",
        total_score="88",
        grade="良",
    )
    city.cites("dredge21", "water", "1、《中华人民共和国水法》；2、甲府发〔2019〕7号。", "《中华人民共和国水法》")
    city.cites("dredge21", "plan", "按照甲府发〔2019〕7号的要求疏浚河道。", "甲府发〔2019〕7号")
    city.cites(
        "pumps21",
        "plan",
        "依据甲府法〔2019〕7号维护泵站。",
        "甲府法〔2019〕7号",
        suspected_typo=True,
        typo_note="原文印作“甲府法〔2019〕7号”，疑为“甲府发〔2019〕7号”之误",
    )
    city.cites("pumps21", "save", "为落实《甲市节约用水条例》。", "《甲市节约用水条例》", "necessity")
    city.cites("cloud21", "cloud", "《甲市政务云管理办法》（市政府令第5号）", "《甲市政务云管理办法》（市政府令第5号）")
    aims, output, effect = ("投入与管理", "投入管理"), ("产出目标", "数量"), ("效果目标", "满意度")
    city.indicator("dredge21", "预算执行率", aims, "≥95%", target_operator="≥", target_value="95", target_unit="%")
    city.indicator("dredge21", "疏浚长度", output, "12公里", target_value="12", target_unit="公里")
    city.indicator("dredge21", "群众满意度", effect, "满意")
    city.indicator("pumps21", "预算执行率", aims, "=100%", target_operator="=", target_value="100", target_unit="%")
    city.indicator("pumps21", "设备完好率", output, "≥90%", target_operator="≥", target_value="90", target_unit="%")
    city.indicator("cloud21", "系统可用率", output, "≥99%", target_operator="≥", target_value="99", target_unit="%")
    done = {"actual_text": "达成指标", "weight": "10", "score": "10"}
    city.indicator(
        "dredge23",
        "疏浚长度",
        ("产出指标", "数量指标"),
        "≥10.00(公里)",
        target_operator="≥",
        target_value="10",
        target_unit="公里",
        actual_text="8.00(公里)",
        actual_value="8",
        weight="20",
        score="16",
        deviation_reason="汛期停工",
    )
    city.indicator("dredge23", "河道整洁度", ("效益指标", "社会效益指标"), "整洁", **done)
    city.indicator(
        "watch23",
        "监测次数",
        ("产出指标", "数量指标"),
        "≥12.00(次)",
        target_operator="≥",
        target_value="12",
        target_unit="次",
        actual_text="12.00(次)",
        actual_value="12",
        weight="30",
        score="30",
    )
    city.indicator(
        "watch23",
        "报告质量",
        ("产出指标", "质量指标"),
        "良好",
        actual_text="部分达成指标并具有一定效果",
        weight="20",
        score="17",
    )
    city.add(EntityType.TASK, "ships", "清淤船租赁项目", {}, name="清淤船租赁项目")
    city.join(EdgeType.HAS_TASK, "dredge21", "ships")
    city.add(EntityType.SOURCE, "file", FILE, {}, file=FILE, year=2021)
    for key in ("dredge21", "pumps21", "cloud21", "dredge23", "watch23"):
        city.join(EdgeType.DESCRIBED_IN, key, "file")
    return city


CITY = build_city()
KG = KnowledgeGraph(CITY.entities.values(), CITY.edges)
STORE = EmbeddedStore(KG)


def text_of(name: str) -> str | None:
    """The text of the city's one file."""
    return CITY.text if name == FILE else None


def id_of(key: str) -> EntityId:
    """The id of the entity that the city calls by this key."""
    return CITY.entities[key].id


def passage_of(key: str, text: str) -> Passage:
    """A passage about an entity, proven by its head."""
    entity = CITY.entities[key]
    return Passage(id=f"passage:{key}", entity=entity.id, kind="entity", text=text, sources=entity.sources)
