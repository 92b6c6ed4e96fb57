"""What one file says: a pure function of its text and nothing else.

Facts know no rule, no other file and no setting.  A file has two values: its *interface*
(names, signatures, options, settings; no offsets) and its *body* (spans).  Whoever resolves
names across files uses interfaces only, so typing inside a function changes nothing for them.
"""

from celeryls.facts.extract import extract
from celeryls.facts.model import (
    AppCall,
    Binding,
    ClassDecl,
    ConfWrite,
    FileFacts,
    FunctionDecl,
    Import,
    Interface,
    Param,
    ParamKind,
)
from celeryls.facts.sites import (
    Body,
    CallSite,
    CanvasSite,
    CrontabSite,
    DecoratorSite,
    EntryItem,
    FunctionSite,
    HandlerSite,
    KeywordSite,
    RetrySite,
    ScheduleSite,
    SettingPlace,
    SettingSite,
    TransactionSite,
)
from celeryls.facts.traces import has_traces

__all__ = [
    "AppCall",
    "Binding",
    "Body",
    "CallSite",
    "CanvasSite",
    "ClassDecl",
    "ConfWrite",
    "CrontabSite",
    "DecoratorSite",
    "EntryItem",
    "FileFacts",
    "FunctionDecl",
    "FunctionSite",
    "HandlerSite",
    "Import",
    "Interface",
    "KeywordSite",
    "Param",
    "ParamKind",
    "RetrySite",
    "ScheduleSite",
    "SettingPlace",
    "SettingSite",
    "TransactionSite",
    "extract",
    "has_traces",
]
