"""Data and State as one pointer each, the form in which kernels pass them on.

A kernel that takes a named tuple of thirty arrays gets every array's address, shape and strides
as arguments of each call; a pointer to a structure of them compiles in half the time and runs
faster. An entry kernel takes the structure (data_ref, state_ref), which keeps the arrays alive,
and passes on what borrow() makes of it: a bare pointer whose arrays own nothing, since counting
references to them with every read took a third of the search's time. The arrays are shared: what
kernels write, Python sees in the named tuple.
"""

from __future__ import annotations

from typing import Any

from numba.core import cgutils as numba_cgutils
from numba.core import datamodel as numba_datamodel
from numba.core import imputils as numba_imputils
from numba.core import types as numba_types
from numba.core.extending import infer_getattr, intrinsic, lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate
from numba.experimental import structref as numba_structref

from routes.engine.kernel import entry
from routes.engine.state import Data, State

# numba has half of its types annotated
structref: Any = numba_structref
types: Any = numba_types
cgutils: Any = numba_cgutils
datamodel: Any = numba_datamodel
imputils: Any = numba_imputils
_intrinsic: Any = intrinsic
_Template: Any = AttributeTemplate


@structref.register
class DataType(types.StructRef):  # type: ignore[misc]
    """numba's type of a Data by reference."""

    def preprocess_fields(self, fields: Any) -> Any:
        return tuple((name, types.unliteral(kind)) for name, kind in fields)


@structref.register
class StateType(types.StructRef):  # type: ignore[misc]
    """numba's type of a State by reference."""

    def preprocess_fields(self, fields: Any) -> Any:
        return tuple((name, types.unliteral(kind)) for name, kind in fields)


class Borrowed(types.Type):  # type: ignore[misc]
    """numba's type of a pointer to the fields of a structure that somebody else keeps."""

    def __init__(self, owner: Any) -> None:
        self.owner = owner
        super().__init__(name=f"Borrowed({owner.name})")


datamodel.default_manager.register(Borrowed, datamodel.models.OpaqueModel)


@_intrinsic
def borrow(typing_context: Any, ref: Any) -> Any:
    """The bare pointer to the fields of a structure, for as long as the caller holds it."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        fields = structref._Utils(context, builder, ref).get_data_pointer(args[0])
        return builder.bitcast(fields, cgutils.voidptr_t)

    return Borrowed(ref)(ref), generate


class _Fields(_Template):  # type: ignore[misc]
    key = Borrowed

    def generic_resolve(self, borrowed: Any, attr: str) -> Any:
        return borrowed.owner.field_dict.get(attr)


def _read(context: Any, builder: Any, borrowed: Any, pointer: Any, attr: str) -> Any:
    """A field; of an array one that owns nothing."""
    payload = borrowed.owner.get_data_type()
    model = context.data_model_manager[payload]
    struct = builder.bitcast(pointer, model.get_value_type().as_pointer())
    value = getattr(cgutils.create_struct_proxy(payload)(context, builder, ref=struct), attr)
    field = borrowed.owner.field_dict[attr]
    if isinstance(field, types.Array):
        array = context.make_array(field)(context, builder, value=value)
        array.meminfo = cgutils.get_null_value(array.meminfo.type)
        value = array._getvalue()
    return imputils.impl_ret_untracked(context, builder, field, value)


_infer: Any = infer_getattr
_infer(_Fields)
_lower: Any = lower_getattr_generic
_lower(Borrowed)(_read)


class DataRef(structref.StructRefProxy):  # type: ignore[misc]
    """A Data by reference."""


class StateRef(structref.StructRefProxy):  # type: ignore[misc]
    """A State by reference."""


structref.define_proxy(DataRef, DataType, list(Data._fields))
structref.define_proxy(StateRef, StateType, list(State._fields))


@entry
def data_ref(data: Data) -> Any:
    """The kernels' form of data."""
    return DataRef(*data)


@entry
def state_ref(state: State) -> Any:
    """The kernels' form of a state."""
    return StateRef(*state)
