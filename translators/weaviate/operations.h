// The operations of Weaviate's routes: what their rules name. See runtime/operation.h.
#pragma once

#include <memory>

#include "runtime/operation.h"

namespace vecgate::translators::weaviate {

// POST and DELETE /v1/batch/objects, POST /v1/batch/references
std::unique_ptr<runtime::Operation> MakeBatchObjects(const runtime::OperationContext& context);
std::unique_ptr<runtime::Operation> MakeBatchDelete(const runtime::OperationContext& context);
std::unique_ptr<runtime::Operation> MakeBatchReferences(const runtime::OperationContext& context);

// /v1/objects
std::unique_ptr<runtime::Operation> MakeObjectGet(const runtime::OperationContext& context);  // and HEAD
std::unique_ptr<runtime::Operation> MakeObjectList(const runtime::OperationContext& context);
std::unique_ptr<runtime::Operation> MakeObjectCreate(const runtime::OperationContext& context);
std::unique_ptr<runtime::Operation> MakeObjectReplace(const runtime::OperationContext& context);
std::unique_ptr<runtime::Operation> MakeObjectDelete(const runtime::OperationContext& context);
std::unique_ptr<runtime::Operation> MakeReferenceAppend(const runtime::OperationContext& context);

// POST /v1/graphql and /v1/graphql/batch
std::unique_ptr<runtime::Operation> MakeGraphQl(const runtime::OperationContext& context);
std::unique_ptr<runtime::Operation> MakeGraphQlBatch(const runtime::OperationContext& context);

// POST /v1/search/{collection}/{kind}, POST /v1/aggregate/{collection}
std::unique_ptr<runtime::Operation> MakeRestSearch(const runtime::OperationContext& context);
std::unique_ptr<runtime::Operation> MakeRestAggregate(const runtime::OperationContext& context);

// /v1/schema/{className}/tenants, /v1/meta
std::unique_ptr<runtime::Operation> MakeTenants(const runtime::OperationContext& context);
std::unique_ptr<runtime::Operation> MakeTenant(const runtime::OperationContext& context);  // and HEAD
std::unique_ptr<runtime::Operation> MakeMeta(const runtime::OperationContext& context);

}  // namespace vecgate::translators::weaviate
