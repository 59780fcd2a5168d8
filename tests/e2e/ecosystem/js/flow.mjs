// The official JavaScript client. Reads {"url", "points", "query", "sparse"} from standard input, does what an
// application does with it, and writes what each step returned, by name.
import {readFileSync} from 'node:fs';
import {QdrantClient} from '@qdrant/js-client-rest';

const {url, points, query, sparse} = JSON.parse(readFileSync(0, 'utf8'));
const client = new QdrantClient({url, checkCompatibility: false});
const name = 'js';
const tales = {must: [{key: 'kind', match: {value: 'tale'}}]};
const told = {};

async function failure(call) {
  try {
    await call();
  } catch (error) {
    return {status: error.status, text: error.data?.status?.error};
  }
  throw new Error('no failure');
}

told.version = (await client.versionInfo()).version;
told.created = await client.createCollection(name, {
  vectors: {dense: {size: query.length, distance: 'Cosine'}},
  sparse_vectors: {words: {}},
});
told.index = (await client.createPayloadIndex(name, {field_name: 'kind', field_schema: 'keyword', wait: true})).status;
told.upserted = (await client.upsert(name, {wait: true, points})).status;
told.count = (await client.count(name, {exact: true})).count;

const dense = {query, using: 'dense', with_payload: true, limit: 4};
told.dense = (await client.query(name, dense)).points;
told.filtered = (await client.query(name, {...dense, filter: tales})).points;
told.batch = await client.queryBatch(name, {searches: [dense, {...dense, filter: tales}]});
told.sparse = (await client.query(name, {query: sparse, using: 'words', with_payload: true, limit: 4})).points;
told.hybrid = (
  await client.query(name, {
    prefetch: [
      {query, using: 'dense', limit: 5},
      {query: sparse, using: 'words', limit: 5},
    ],
    query: {fusion: 'rrf'},
    with_payload: ['text'],
    limit: 5,
  })
).points;
told.groups = (
  await client.queryGroups(name, {query, using: 'dense', group_by: 'kind', group_size: 1, limit: 3})
).groups.map((group) => [group.id, group.hits[0].id]);
told.legacy = await client.search(name, {vector: {name: 'dense', vector: query}, limit: 4, with_payload: true});
told.facet = (await client.facet(name, {key: 'kind'})).hits;

told.scrolled = [];
for (let offset; offset !== null; ) {
  const page = await client.scroll(name, {limit: 3, with_vector: true, with_payload: true, offset});
  told.scrolled.push(...page.points);
  offset = page.next_page_offset;
}

const [first, second, third] = points.map((point) => point.id);
await client.setPayload(name, {payload: {seen: true, 'half': 0.5}, points: [first], wait: true});
await client.deletePayload(name, {keys: ['text'], points: [first], wait: true});
told.changed = await client.retrieve(name, {ids: [first], with_payload: true});
told.updates = (
  await client.batchUpdate(name, {
    wait: true,
    operations: [{delete: {points: [second]}}, {set_payload: {payload: {kind: 'other'}, points: [third]}}],
  })
).map((result) => result.status);
told.deleted = (await client.delete(name, {wait: true, filter: {must: [{key: 'kind', match: {value: 'other'}}]}})).status;
told.left = (await client.getCollection(name)).points_count;

told.missing = await failure(() => client.getCollection('nothing'));
told.invalid = await failure(() => client.query(name, {query, using: 'dense', limit: 0}));
told.malformed = await failure(() => client.query(name, {query: {what: 1}}));
told.dropped = await client.deleteCollection(name);
told.exists = (await client.collectionExists(name)).exists;
process.stdout.write(JSON.stringify(told));
