"""Settings: the only reader of the environment. Below this layer, values are arguments.

Order of force: command-line flag, `JIXIAO_*` variable, `jixiao.toml` in the working directory, HF_ENDPOINT, default.
"""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from ui.errors import SettingsError

SETTINGS_FILE = Path("jixiao.toml")
SECRETS = ("password", "planner_key")  # never in a file that others may read


def _listed(value: object) -> object:
    """Names of a variable: with commas between, or as JSON; what comes from elsewhere stays as it is."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        return json.loads(value)  # what is wrong with it is a ValueError, which pydantic reports
    return [name for part in value.replace("，", ",").split(",") if (name := part.strip())]


NameList = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]


class Settings(BaseSettings):
    """Everything that can be set; `jixiao config` prints it with what each is for."""

    model_config = SettingsConfigDict(env_prefix="JIXIAO_", toml_file=SETTINGS_FILE, extra="forbid", frozen=True)

    snapshot: Path = Field(default=Path(".jixiao"), description="快照目录")
    inputs: Path = Field(default=Path("seeds"), description="未指定路径时读入的文件夹")
    corrections: Path = Field(default=Path("corrections.toml"), description="人工更正文件（不存在则忽略）")
    keep_snapshots: int = Field(default=3, ge=1, le=100, description="保留的历史快照个数")
    model: str = Field(default="auto", description="向量模型：auto、文件夹或模型名")
    model_cache: Path | None = Field(default=None, description="模型缓存目录（默认在用户缓存目录）")
    hub_endpoint: str | None = Field(default=None, description="模型仓库镜像地址；缺省取 HF_ENDPOINT")
    offline: bool = Field(default=False, description="不尝试任何下载")
    host: str = Field(default="127.0.0.1", description="监听地址")
    port: int = Field(default=7860, ge=0, le=65535, description="监听端口")
    allowed_hosts: NameList = Field(default=(), description="除本机外允许的主机名，多个用逗号隔开")
    trusted_proxies: NameList = Field(default=(), description="采信其 X-Forwarded-For 的反向代理地址，多个用逗号隔开")
    root_path: str = Field(default="", description="反向代理下的子路径，如 /jixiao")
    read_only: bool = Field(default=False, description="只读：不能上传、删除、更正")
    username: str | None = Field(default=None, description="登录用户名（与 password 同设才启用登录）")
    password: SecretStr | None = Field(default=None, description="登录密码，只从环境变量读取")
    max_upload_mb: int = Field(default=50, ge=1, le=2048, description="单个上传文件上限（MB）")
    planner_url: str | None = Field(default=None, description="可选：兼容 OpenAI 的接口地址，只用于理解问题，默认关闭")
    planner_model: str = Field(default="", description="可选：上述接口的模型名")
    planner_key: SecretStr | None = Field(default=None, description="可选：上述接口的密钥，只从环境变量读取")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags, environment, file, the hub's own variable: no dotenv, no secrets folder."""
        hub = os.environ.get("HF_ENDPOINT")
        foreign = InitSettingsSource(settings_cls, {"hub_endpoint": hub} if hub else {})
        return init_settings, env_settings, SettingsFile(settings_cls), foreign


class SettingsFile(TomlConfigSettingsSource):
    """`jixiao.toml`, which must hold no secret."""

    def __call__(self) -> dict[str, object]:
        found: dict[str, object] = super().__call__()
        for name in SECRETS:
            if name in found:
                raise SettingsError(
                    f"{SETTINGS_FILE} 里不能写 {name}", f"请从该文件删去，改用环境变量 JIXIAO_{name.upper()}"
                )
        return found


def load_settings(**flags: object) -> Settings:
    """Settings in force; flags that are None do not count.

    Raises SettingsError naming the setting (or the file) and what is wrong with it.
    """
    try:
        settings = Settings(**{k: v for k, v in flags.items() if v is not None})  # type: ignore[arg-type]
    except ValidationError as err:
        wrong = "；".join(f"{'.'.join(map(str, e['loc']))}（给出的值：{e['input']!r}）" for e in err.errors())
        raise SettingsError(f"设置有误：{wrong}", "请核对命令行参数、JIXIAO_ 开头的环境变量和 jixiao.toml") from err
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise SettingsError(f"{SETTINGS_FILE} 不是合法的 TOML 文件：{err}", "请改正该文件，或把它移走") from err
    if bool(settings.username) != bool(settings.password and settings.password.get_secret_value()):
        raise SettingsError(
            "用户名和密码要同时设置，现在只有其中一个", "请设好 JIXIAO_USERNAME 和 JIXIAO_PASSWORD，或把两个都去掉"
        )
    return settings
