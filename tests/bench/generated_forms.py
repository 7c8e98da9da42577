"""Generated documents that vary the two families of real forms: names, money, dates, texts, citations, indicators.

The same number and seed give the same text on every machine. All names are invented.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

_PLACES = ("东港", "西河", "南岭", "北原", "清溪", "白石", "云台", "长桥", "金沙", "碧湖", "松林", "望江")
_BODIES = ("水务局", "教育局", "城市管理委员会", "信息中心", "农业农村局", "文化馆", "卫生健康委员会", "交通运输局")
_THINGS = (
    ("河道保洁", "打捞漂浮物、修剪岸坡杂草、清理排口淤积，保持水面整洁"),
    ("校舍维修", "对教学楼屋面防水、外墙开裂和老旧门窗进行修缮，消除安全隐患"),
    ("信息系统运维", "对政务外网设备、数据库和应用系统进行巡检、备份和故障处理"),
    ("道路养护", "修补坑槽、疏通雨水井、更新标线和护栏，保障通行安全"),
    ("病虫害防治", "开展统防统治，发放药剂药械，培训植保人员，监测虫情"),
    ("公共图书馆服务", "购置图书和电子资源，开展阅读推广活动，延长夜间开放时间"),
    ("基本公共卫生服务", "为老年人体检，管理慢性病患者，建立居民健康档案"),
    ("公交线路优化", "调查客流走廊，调整站点和班次，改善换乘条件"),
    ("档案数字化", "对历年文书档案进行整理、扫描、著录和挂接，建设查询系统"),
    ("人才招聘活动", "组织赴外招聘、校企对接和人才政策宣讲，建设人才信息库"),
)
_ACTS = ("预算管理", "政府投资", "信息公开", "专项资金", "绩效评价", "政府采购", "档案管理", "公共服务")
_CODES = ("东政发", "西府办发", "南财绩", "北发改", "清建规", "云教体")
_RESULTS = ("达成指标", "部分达成指标并具有一定效果")
_REASONS = ("", "", "", "验收时间稍有滞后", "招标结余", "部分工作转入下年度实施")


def make_document(number: int, *, seed: int = 2020) -> str:
    """The text of document `number`: one to three forms of one family."""
    rng = random.Random(seed * 1_000_003 + number)
    make_form = _target_form if rng.random() < 0.5 else _evaluation_form
    unit = f"{rng.choice(_PLACES)}{'市区县'[number % 3]}{rng.choice(_BODIES)}"
    return "\n\n".join(make_form(rng, unit, number * 10 + n) for n in range(rng.randint(1, 3)))


def make_documents(count: int, *, seed: int = 2020) -> Iterator[tuple[str, str]]:
    """File name and text of each document."""
    for number in range(count):
        yield f"{number:05d}.txt", make_document(number, seed=seed)


def _name(rng: random.Random, key: int) -> tuple[str, str]:
    thing, what = rng.choice(_THINGS)
    return f"{rng.choice(_PLACES)}片区{thing}第{key}号专项", what


def _citation(rng: random.Random) -> str:
    act = rng.choice(_ACTS)
    number = f"{rng.choice(_CODES)}〔{rng.randint(2010, 2024)}〕{rng.randint(1, 120)}号"
    return rng.choice((f"《{act}暂行办法》（{number}）", f"《关于加强{act}工作的通知》（{number}）", f"《{act}条例》"))


def _money(rng: random.Random) -> int:
    return rng.randint(3, 900) * 10_000 + rng.randint(0, 99) * 100


def _prose(rng: random.Random, what: str, sentences: int) -> str:
    openings = ("按照年度工作安排", "针对存在的问题", "为保障日常运行", "在前期工作的基础上", "结合本地实际")
    aims = ("提高服务水平", "消除安全隐患", "满足群众需要", "落实主管部门的要求", "规范资金使用")
    said = []
    for n in range(1, sentences + 1):
        begin, aim = rng.choice(openings), rng.choice(aims)
        said.append(f"{n}、{begin}，{rng.choice(_PLACES)}片区计划{what}，涉及{rng.randint(2, 400)}处，{aim}。")
    return "".join(said)


def _target_form(rng: random.Random, unit: str, key: int) -> str:
    name, what = _name(rng, key)
    year = rng.randint(2019, 2024)
    budget, before = _money(rng), _money(rng)
    cited = "".join(f"{n}.{_citation(rng)}；" for n in range(1, rng.randint(2, 6)))
    rows = [
        ("投入与管理", "投入管理", "预算执行率", f"≥{rng.randint(80, 100)}%"),
        ("", "", "资金使用规范性", "规范"),
        ("", "财务管理", "财务管理制度健全性", "健全"),
        ("产出目标", "数量", f"{what[:4]}完成数量", f"≥{rng.randint(5, 900)}处"),
        ("", "质量", "验收合格率", "=100%"),
        ("", "时效", "项目完成及时性", "及时"),
        ("效果目标", "社会效益", f"{what[:4]}改善程度", "明显改善"),
        ("", "满意度", "群众满意度", f"≥{rng.randint(80, 98)}%"),
        ("影响力目标", "长效管理", "管理机制健全性", "健全"),
    ]
    table = "\n".join("\t".join(row) for row in rows)
    return f"""财政项目支出绩效目标表

({year}年度)

申报单位名称：{unit}

项目名称：\t{name}\t项目类别：\t{rng.choice(("经常性专项业务费", "其他一次性项目"))}
计划开始日期：\t{year}-01-0{rng.randint(1, 9)}\t计划完成日期：\t{year}-12-{rng.randint(10, 31)}
是否含有政府购买服务：\t{rng.choice("是否")}\t绩效类型：\t其他类
项目概况：\t{_prose(rng, what, rng.randint(3, 8))}
立项依据：\t{cited}
项目设立的必要性：\t{_prose(rng, what, rng.randint(2, 6))}
保证项目实施的制度、措施：\t{_prose(rng, what, rng.randint(1, 4))}
项目实施计划：\t{year}年上半年完成招标和合同签订，下半年实施，年底前组织验收。
总目标及阶段性目标：\t{_prose(rng, what, rng.randint(1, 4))}

本项目上年度市级财政资金使用情况
项目总预算（元）：\t{budget:,}\t项目当年预算（元）：\t{budget:,}
同名项目上年预算额（元）：\t{before:,}\t同名项目上年预算执行数（元）：\t{before:,}

{year}年绩效目标

一级目标\t二级目标\t三级目标\t指标目标值
{table}
"""


def _evaluation_form(rng: random.Random, unit: str, key: int) -> str:
    name, what = _name(rng, key)
    year = rng.randint(2021, 2024)
    budget = _money(rng) / 10_000
    spent = round(budget * rng.uniform(0.8, 1.0), 2)
    rate = round(spent / budget * 100, 2)
    point = round(rate / 10, 2)
    rows, total = [], point
    weights = (20, 20, 20, 20, 10)
    names = (f"{what[:4]}完成率", "验收合格率", "项目完成及时性", f"{what[:4]}改善程度", "群众满意度")
    levels = (
        ("产出指标", "数量指标"),
        ("", "质量指标"),
        ("", "时效指标"),
        ("效益指标", "社会效益指标"),
        ("满意度指标", "服务对象满意度指标"),
    )
    for (one, two), indicator, weight in zip(levels, names, weights, strict=True):
        score = weight - rng.choice((0, 0, 0, 1))
        total += score
        wanted, actual = f"≥{rng.randint(80, 100)}.00(%)", rng.choice(_RESULTS)
        rows.append(f"{one}\t{two}\t{indicator}\t{wanted}\t{actual}\t{weight}.00\t{score}.00\t{rng.choice(_REASONS)}")
    table = "\n".join(rows)
    return f"""财政项目支出绩效自评表

({year} 年度)

项目名称\t\t{name}\t\t\t\t\t
主管部门\t\t{unit}\t\t实施单位\t\t{unit}\t
项目资金 (万元)\t\t年初预算数\t全年预算数\t全年执行数\t分数\t执行率(%)\t得分
\t年度资金总额:\t{budget:.2f}\t{budget:.2f}\t{spent:.2f}\t10.00\t{rate:.2f}\t{point:.2f}
\t其中: 当年财政拨款\t{budget:.2f}\t{budget:.2f}\t{spent:.2f}\t-\t{rate:.2f}\t-
\t上年结转资金\t0.00\t0.00\t0.00\t-\t0.00\t-
\t其他资金\t0.00\t0.00\t0.00\t-\t0.00\t-
年度 总体 目标\t预期目标\t\t\t实际完成情况\t\t\t
\t{_prose(rng, what, rng.randint(2, 5))}\t\t\t{_prose(rng, what, rng.randint(2, 5))}依据{_citation(rng)}执行。\t\t\t
一级 指标\t二级 指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t偏差原因分析及改进措施
{table}
总分\t\t\t\t\t100.00\t{total:.2f}\t
评分等级\t\t优\t\t\t\t\t
"""
