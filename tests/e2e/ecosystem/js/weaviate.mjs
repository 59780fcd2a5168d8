// The official client that speaks Weaviate's REST and GraphQL. Reads {"host", "key", "book", "vector", "query", "wheres",
// "ids", "withRest"} from standard input, does what an application does with it, and writes what each step returned, by name.
import {readFileSync} from 'node:fs';
import weaviate, {generateUuid5} from 'weaviate-ts-client';

const given = JSON.parse(readFileSync(0, 'utf8'));
const {ids, book, vector, query} = given;
const options = {scheme: 'http', host: given.host, headers: {'X-OpenAI-Api-Key': 'sk-1'}};
if (given.key) options.apiKey = new weaviate.ApiKey(given.key);
const client = weaviate.client(options);
const told = {};

async function failure(call) {
  try {
    await call();
  } catch (error) {
    return error.message;
  }
  throw new Error('no failure');
}

const rows = async (asked, name = 'Book') => (await asked.do()).data.Get[name];
const get = (fields = 'title _additional { id }', name = 'Book') =>
  client.graphql.get().withClassName(name).withFields(fields);

told.live = await client.misc.liveChecker().do();
told.ready = await client.misc.readyChecker().do();
told.meta = await client.misc.metaGetter().do();
told.openid = (await client.misc.openidConfigurationGetter().do()) ?? null;

// Single objects.
const created = await client.data.creator().withClassName('Book').withId(ids.made).withProperties(book).withVector(vector).do();
told.created = {id: created.id, class: created.class, vector: created.vector};
told.twice = await failure(() => client.data.creator().withClassName('Book').withId(ids.made).withProperties({}).do());
told.madeId = (await client.data.creator().withClassName('Book').withProperties({title: 'x'}).do()).id;
const one = client.data.getterById().withClassName('Book').withId(ids.made);
told.got = await one.withVector().do();
told.exists = [];
for (const id of [ids.made, ids.nobody]) {
  told.exists.push(await client.data.checker().withClassName('Book').withId(id).do());
}
told.level = (
  await client.data.getterById().withClassName('Book').withId(ids.made).withConsistencyLevel('QUORUM').do()
).id;
await client.data.updater().withClassName('Book').withId(ids.made).withProperties({title: 'replaced'}).withVector(vector).do();
told.replaced = (await client.data.getterById().withClassName('Book').withId(ids.made).do()).properties;
const merger = client.data.merger().withClassName('Book').withId(ids.made).withProperties({pages: 7});
if (given.withRest) {
  await merger.do();
  told.merged = (await client.data.getterById().withClassName('Book').withId(ids.made).do()).properties;
  told.valid = await client.data.validator().withClassName('Book').withId(ids.nobody).withProperties({title: 'x'}).do();
  told.invalid = await failure(() =>
    client.data.validator().withClassName('Book').withId(ids.nobody).withProperties({nope: 'x'}).do()
  );
} else {
  told.merged = await failure(() => merger.do());
}
const target = client.data.referencePayloadBuilder().withClassName('Publisher').withId(ids.publisher).payload();
const reference = () => client.data.referenceCreator().withClassName('Writer').withId(ids.writer).withReferenceProperty('employer');
await reference().withReference(target).do();
told.referenced = await rows(
  get('name employer { ... on Publisher { name } }', 'Writer').withWhere({path: ['id'], operator: 'Equal', valueText: ids.writer}),
  'Writer'
);
if (given.withRest) {
  const publisher = client.data.referencePayloadBuilder().withClassName('Publisher').withId(ids.otherPublisher).payload();
  const on = (builder) => builder.withClassName('Writer').withId(ids.writer).withReferenceProperty('employer');
  await on(client.data.referenceReplacer()).withReferences([publisher]).do();
  await on(client.data.referenceDeleter()).withReference(publisher).do();
}
await client.data.deleter().withClassName('Book').withId(ids.made).do();
await client.data.deleter().withClassName('Book').withId(told.madeId).do();
told.gone = await failure(() => client.data.getterById().withClassName('Book').withId(ids.made).do());

// Lists.
const list = () => client.data.getter().withClassName('Book');
told.listed = (await list().withLimit(2).withVector().do()).objects.map((object) => [object.id, object.vector]);
told.paged = [];
for (let after = '00000000-0000-0000-0000-000000000000'; after; ) {
  const page = (await list().withLimit(4).withAfter(after).do()).objects;
  told.paged.push(...page.map((object) => object.id));
  after = page.at(-1)?.id;
}

// Batches.
const objects = [0, 1, 2, 3].map((n) => ({
  class: 'Book',
  id: generateUuid5(`book ${n}`),
  properties: n === 2 ? {pages: 1.5} : {title: `batch ${n}`, pages: 1000 + n},
  vector,
}));
const batch = await client.batch.objectsBatcher().withObjects(...objects).withConsistencyLevel('ONE').do();
told.batch = batch.map((object, n) => [object.id === objects[n].id, object.result.status, object.result.errors?.error[0].message]);
const from = client.batch.referencePayloadBuilder().withFromClassName('Book').withFromRefProp('writtenBy');
const reference0 = from.withFromId(objects[0].id).withToClassName('Writer').withToId(ids.writer).payload();
const reference1 = {...reference0, from: reference0.from.replace(objects[0].id, ids.nobody)};
told.references = (await client.batch.referencesBatcher().withReferences(reference0, reference1).do()).map(
  (row) => [row.result.status, row.result.errors?.error[0].message ?? null]
);
told.batchReferenced = await rows(
  get('title writtenBy { ... on Writer { name } }').withWhere({path: ['pages'], operator: 'Equal', valueInt: 1000})
);
const deleter = () =>
  client.batch.objectsBatchDeleter().withClassName('Book').withWhere({path: ['pages'], operator: 'GreaterThanEqual', valueInt: 1000});
told.dry = (await deleter().withDryRun(true).withOutput('verbose').do()).results;
told.deleted = (await deleter().do()).results;
told.refusedDelete = await failure(() =>
  client.batch.objectsBatchDeleter().withClassName('Nope').withWhere({path: ['n'], operator: 'Equal', valueInt: 1}).do()
);

// Queries.
told.types = await rows(
  get(`${given.plain} place { latitude longitude } meta { note n inner { x words } } chapters { head page }`).withLimit(2)
);
const searched = 'title _additional { id distance certainty vector creationTimeUnix lastUpdateTimeUnix }';
told.nearVector = await rows(get(searched).withNearVector({vector: query}).withLimit(3));
told.nearVectorBounded = await rows(get(searched).withNearVector({vector: query, distance: 0.2}));
told.nearVectorCertain = await rows(get(searched).withNearVector({vector: query, certainty: 0.9}));
told.nearObject = await rows(get(searched).withNearObject({id: ids.book}).withLimit(3));
told.bm25 = await rows(get('title _additional { id score }').withBm25({query: 'apple', properties: ['title']}));
told.hybrid = {};
for (const alpha of [0, 1]) {
  told.hybrid[alpha] = await rows(get().withHybrid({query: 'ocean night', alpha, vector: query, properties: ['title'], fusionType: 'rankedFusion'}));
}
told.named = await rows(
  get('title _additional { id distance vectors { shape } }', 'Picture').withNearVector({vector: [2, 0.5], targetVectors: ['shape']}).withLimit(2),
  'Picture'
);
told.wheres = {};
for (const [name, where] of Object.entries(given.wheres)) {
  told.wheres[name] = (await rows(get().withWhere(where))).map((row) => row._additional.id);
}
told.sorted = await rows(get('pages').withSort([{path: ['sold'], order: 'asc'}, {path: ['pages'], order: 'desc'}]).withLimit(4));
told.paging = await rows(get().withLimit(2).withOffset(1));
told.after = await rows(get().withLimit(2).withAfter(ids.book));
told.links = await rows(get('title writtenBy { ... on Writer { name employer { ... on Publisher { name } } } }').withLimit(3));
const group = '_additional { group { groupedBy { value path } count hits { _additional { id distance } } } }';
told.groups = await rows(
  get(group).withNearVector({vector: query}).withLimit(6).withGroupBy({path: ['sold'], groups: 2, objectsPerGroup: 2})
);
const aggregate = (fields, name = 'Book') => client.graphql.aggregate().withClassName(name).withFields(fields);
told.count = (await aggregate('meta { count }').do()).data.Aggregate.Book;
told.statistics = (
  await aggregate('pages { sum mean median maximum minimum count } sold { totalTrue } tags { topOccurrences(limit: 1) { value occurs } }').do()
).data.Aggregate.Book;
told.grouped = (await aggregate('groupedBy { value } meta { count }').withGroupBy(['sold']).do()).data.Aggregate.Book;
told.counted = (
  await aggregate('meta { count }').withWhere({path: ['pages'], operator: 'GreaterThan', valueInt: 150}).do()
).data.Aggregate.Book;
told.nearCount = (await aggregate('meta { count }').withNearVector({vector: query}).withObjectLimit(3).do()).data.Aggregate.Book;
told.raw = (await client.graphql.raw().withQuery('{ Get { Book(limit: 1) { title } } }').do()).data;
told.refused = {
  class: await failure(() => get('title', 'Nope').do()),
  property: await failure(() => get().withWhere({path: ['nope'], operator: 'Equal', valueText: 'x'}).do()),
  syntax: await failure(() => client.graphql.raw().withQuery('{ Get { Book { title }').do()),
};

// Tenants.
const tenant = 'blue';
told.tenants = (await client.schema.tenantsGetter('Note').do()).map((row) => [row.name, row.activityStatus]);
told.tenantExists = [];
for (const name of [tenant, 'nobody']) told.tenantExists.push(await client.schema.tenantsExists('Note', name).do());
const note = {class: 'Note', id: ids.made, tenant, properties: {text: 'mine'}};
await client.data.creator().withClassName('Note').withId(ids.made).withTenant(tenant).withProperties({text: 'mine'}).do();
const mine = (builder, name = tenant) => builder.withClassName('Note').withId(ids.made).withTenant(name);
told.ofTenant = await mine(client.data.getterById()).do();
told.tenantHas = [await mine(client.data.checker()).do(), await mine(client.data.checker(), 'red').do()];
told.tenantBatch = (await client.batch.objectsBatcher().withObjects(note, {...note, tenant: 'nobody'}).do()).map((row) => row.result.status);
told.tenantRows = await rows(get('text', 'Note').withTenant('red'), 'Note');
told.tenantCount = (await aggregate('meta { count }', 'Note').withTenant('red').do()).data.Aggregate.Note;
told.tenantMissing = await failure(() => get('text', 'Note').do());
await mine(client.data.deleter()).do();
told.tenantList = (await client.data.getter().withClassName('Note').withTenant(tenant).do()).objects.map((row) => row.id);

// The schema, which only the REST port has.
if (given.withRest) {
  await client.schema.classCreator().withClass({class: 'Fresh', vectorizer: 'none', properties: [{name: 'a', dataType: ['text']}]}).do();
  await client.schema.propertyCreator().withClassName('Fresh').withProperty({name: 'b', dataType: ['int']}).do();
  told.fresh = (await client.schema.classGetter().withClassName('Fresh').do()).properties.map((property) => property.name);
  await client.schema.classDeleter().withClassName('Fresh').do();
  told.classes = (await client.schema.getter().do()).classes.map((row) => row.class);
  await client.schema.tenantsCreator('Note', [{name: 'green'}]).do();
  await client.schema.tenantsUpdater('Note', [{name: 'green', activityStatus: 'COLD'}]).do();
  told.green = (await client.schema.tenantsGetter('Note').do()).find((row) => row.name === 'green');
  await client.schema.tenantsDeleter('Note', ['green']).do();
  told.nodes = (await client.cluster.nodesStatusGetter().do()).nodes.map((node) => node.status);
} else {
  told.classes = await failure(() => client.schema.getter().do());
}
process.stdout.write(JSON.stringify(told));
