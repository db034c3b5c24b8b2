import { writeFileSync, mkdirSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { test } from 'vitest';
import { buildChain, expectedSector, resolverOf, type ChainModel } from '/work/main/test/support/chain-model.js';
import { openDisk } from '/work/main/runtime/disk.js';
import { readExactly } from '/work/main/runtime/source.js';
const MIB=2**20;
function rnd(seed:number){let x=seed*2654435761>>>0||1;return (n:number)=>{x^=x<<13;x^=x>>>17;x^=x<<5;x>>>=0;return x%n;};}
test('x', async () => {
  mkdirSync('/tmp/cmdw/ch',{recursive:true});
  const stat: Record<string, number> = {};
  for (let seed=1; seed<=60; seed++){ const r=rnd(seed); const depth=2+r(2); const sectorSize = seed%5===0?4096:512 as 512|4096;
   const blocks=1+r(4);
   const kinds = seed%3;
   const model: ChainModel={blockSize:MIB,sectorSize,levels:Array.from({length:depth},(_,l)=>({virtualSize:blocks*MIB, blocks:Array.from({length:blocks},()=>{const s=([0,6,7,7,2,3,1] as const)[r(kinds===0?2:kinds===1?4:7)]!; return l===depth-1&&s===7?{state:6 as const}:{state:s, ...(s===7?{pattern:Array.from({length:1+r(30)},()=>r(2)===1)}:{})};})}))};
   const images=buildChain(model); images.forEach((im,i)=>writeFileSync(`/tmp/cmdw/ch/l${i}.vhdx`,im.toBytes()));
   const disk=await openDisk(images[0]!.source,{parent:resolverOf(images)}); const ours=Buffer.from(await readExactly(disk,0,disk.size));
   const p=spawnSync('python3',['/work/main/test/interop/libvhdi-read.py',...images.map((_,i)=>`/tmp/cmdw/ch/l${i}.vhdx`)],{maxBuffer:1e9});
   const why = p.status!==0? p.stderr.toString().slice(-160).replace(/\n/g,' ') : p.stdout.equals(ours)?'equal':'differs';
   const allstates=[...new Set(model.levels.flatMap(l=>l.blocks.map(b=>b.state)))].sort().join('');
   const k=`sector ${sectorSize} kinds ${kinds} depth ${depth} ${why}`; stat[k]=(stat[k]??0)+1;
   if (why==='differs'){ const bad=new Set<string>(); for(let s=0;s<disk.size/sectorSize;s++){ const a=p.stdout.subarray(s*sectorSize,(s+1)*sectorSize), b=ours.subarray(s*sectorSize,(s+1)*sectorSize); if(!a.equals(b)) { const bl=Math.floor(s*sectorSize/MIB); bad.add(model.levels.map(l=>l.blocks[bl]!.state).join('>')+' theirs '+a.subarray(0,2).toString('hex')+' ours '+b.subarray(0,2).toString('hex')); } } console.log(seed, sectorSize, [...bad].join(' | ')); }
  }
  console.log(stat);
}, 300000);
